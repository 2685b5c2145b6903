"""Addresses of the area “tasks”."""

from __future__ import annotations

from django.urls import path

from banso.web.views import tasks

urlpatterns = [
    path("tasks/", tasks.task_list, name="tasks"),
    path("tasks/new/", tasks.new_task, name="task-new"),
    path("tasks/<uuid:uid>/", tasks.edit_task, name="task"),
    path("tasks/<uuid:uid>/done/", tasks.done, name="task-done"),
    path("tasks/<uuid:uid>/reopen/", tasks.reopen, name="task-reopen"),
    path("tasks/<uuid:uid>/drop/", tasks.drop, name="task-drop"),
]
