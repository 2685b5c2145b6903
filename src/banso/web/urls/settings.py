"""Addresses of the settings."""

from __future__ import annotations

from django.urls import path

from banso.web.views.settings import (
    audit,
    company,
    index,
    jobs,
    profile,
    roles,
    teams,
    users,
)

urlpatterns = [
    path("settings/", index.index, name="settings"),
    path("settings/profile/", profile.profile, name="settings-profile"),
    path("settings/profile/password/", profile.own_password, name="settings-own-password"),
    path("settings/company/", company.company, name="settings-company"),
    path("settings/users/", users.users, name="settings-users"),
    path("settings/users/new/", users.new_user, name="settings-user-new"),
    path("settings/users/<uuid:uid>/", users.user, name="settings-user"),
    path(
        "settings/users/<uuid:uid>/password/", users.user_password, name="settings-user-password"
    ),
    path("settings/teams/", teams.teams, name="settings-teams"),
    path("settings/teams/new/", teams.new_team, name="settings-team-new"),
    path("settings/teams/<uuid:uid>/", teams.team, name="settings-team"),
    path("settings/teams/<uuid:uid>/delete/", teams.remove_team, name="settings-team-delete"),
    path("settings/roles/", roles.roles, name="settings-roles"),
    path("settings/jobs/", jobs.jobs, name="settings-jobs"),
    path("settings/jobs/<uuid:uid>/cancel/", jobs.cancel_job, name="settings-job-cancel"),
    path("settings/audit/", audit.audit, name="settings-audit"),
    path("settings/audit/check/", audit.check_chain, name="settings-audit-check"),
]
