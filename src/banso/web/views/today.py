"""Today: the ordered list of what the reader should do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from banso.web.access import access


@access("health.view")
def today(request: HttpRequest) -> HttpResponse:
    """The page that a person starts the day with."""
    from datetime import date, timedelta

    from banso.web.charts import Series, bar_chart, time_chart
    ds=[date(2026,1,1)+timedelta(days=i) for i in range(120)]
    import math
    return render(request, "today/today.html", {"chart":time_chart(key="k",title="スコアの推移",days=ds,series=[Series("スコア",[50+20*math.sin(i/9) if not 30<i<40 else None for i in range(120)])],y_domain=(0,100),marks=[(ds[50],"v2")],day_label="日"),"bars":bar_chart(key="b",title="帯",names=["危険","注意","健全"],values=[12,40,90],tokens=["token:danger","token:caution","token:healthy"]),"opts":[("a","A"),("b","B")]})
