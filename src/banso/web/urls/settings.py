"""Addresses of the settings."""

from __future__ import annotations

from django.urls import path

from banso.web.views.settings import (
    audit,
    company,
    demo,
    features,
    index,
    jobs,
    metrics,
    profile,
    roles,
    scorecard_editor,
    scorecards,
    signals,
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
    path("settings/users/<uuid:uid>/password/", users.user_password, name="settings-user-password"),
    path("settings/teams/", teams.teams, name="settings-teams"),
    path("settings/teams/new/", teams.new_team, name="settings-team-new"),
    path("settings/teams/<uuid:uid>/", teams.team, name="settings-team"),
    path("settings/teams/<uuid:uid>/delete/", teams.remove_team, name="settings-team-delete"),
    path("settings/roles/", roles.roles, name="settings-roles"),
    path("settings/features/", features.features, name="settings-features"),
    path("settings/features/save/", features.save_features, name="settings-features-save"),
    path("settings/scorecards/", scorecards.scorecard_list, name="settings-scorecards"),
    path("settings/scorecards/new/", scorecards.new_scorecard, name="settings-scorecard-new"),
    path("settings/scorecards/<uuid:uid>/", scorecard_editor.edit, name="settings-scorecard"),
    path(
        "settings/scorecards/<uuid:uid>/preview/",
        scorecard_editor.preview,
        name="settings-scorecard-preview",
    ),
    path(
        "settings/scorecards/<uuid:uid>/save/",
        scorecard_editor.save,
        name="settings-scorecard-save",
    ),
    path(
        "settings/scorecards/<uuid:uid>/accounts/",
        scorecards.assign,
        name="settings-scorecard-assign",
    ),
    path(
        "settings/scorecards/<uuid:uid>/versions/",
        scorecards.version_list,
        name="settings-scorecard-versions",
    ),
    path("settings/scorecards/<uuid:uid>/move/", scorecards.move, name="settings-scorecard-move"),
    path(
        "settings/scorecards/<uuid:uid>/archive/",
        scorecards.archive,
        name="settings-scorecard-archive",
    ),
    path(
        "settings/scorecards/<uuid:uid>/default/",
        scorecards.default,
        name="settings-scorecard-default",
    ),
    path("settings/metrics/", metrics.metric_list, name="settings-metrics"),
    path("settings/metrics/new/", metrics.new_metric, name="settings-metric-new"),
    path("settings/metrics/check/", metrics.check, name="settings-metric-check"),
    path("settings/metrics/<uuid:uid>/", metrics.metric, name="settings-metric"),
    path("settings/metrics/<uuid:uid>/archive/", metrics.archive, name="settings-metric-archive"),
    path("settings/signals/", signals.rule_list, name="settings-signals"),
    path("settings/signals/new/", signals.new_rule, name="settings-signal-new"),
    path("settings/signals/<uuid:uid>/", signals.rule, name="settings-signal"),
    path("settings/signals/<uuid:uid>/switch/", signals.switch, name="settings-signal-switch"),
    path("settings/demo/", demo.demo, name="settings-demo"),
    path("settings/demo/remove/", demo.remove, name="settings-demo-remove"),
    path("settings/jobs/", jobs.jobs, name="settings-jobs"),
    path("settings/jobs/<uuid:uid>/cancel/", jobs.cancel_job, name="settings-job-cancel"),
    path("settings/audit/", audit.audit, name="settings-audit"),
    path("settings/audit/check/", audit.check_chain, name="settings-audit-check"),
]
