"""All routes and everything around them, as one application.

Knows which routers there are and in which order a request passes through what. Must not know what
any of them does.
"""

from typing import TYPE_CHECKING, Final, cast

from fastapi import FastAPI
from starlette.middleware import Middleware

from soso import __version__
from soso.query.results import ResultPage, SearchRequest
from soso.web.access import AccessLog
from soso.web.addresses import parse_proxies
from soso.web.admin.pages import make_admin_router
from soso.web.api.describe import make_description
from soso.web.api.docs import OPENAPI_PATH, make_docs_router
from soso.web.api.routes import make_api_router
from soso.web.blobs import make_blob_router
from soso.web.caching import Compression, HeadAsGet, Validators
from soso.web.errors import ErrorAnswers, LastResort
from soso.web.feeds import make_feed_router
from soso.web.headers import SecurityHeaders
from soso.web.health import LatestStatus, make_health_router
from soso.web.hook import BodyLimits, make_hook_router
from soso.web.metrics import Metrics
from soso.web.report import make_report_router
from soso.web.sessions import is_https
from soso.web.sharing import Windows
from soso.web.site.pages import make_site_router
from soso.web.site.render import Renderer
from soso.web.sitemap import make_sitemap_router
from soso.web.throttle import MOST_BODY_BYTES, Throttle
from soso.web.watching import make_watch_router
from soso.web.well_known import make_well_known_router

if TYPE_CHECKING:
    from soso.bootstrap import App

_ABOUT: Final = (
    "Groups, channels, videos and posts of Telegram that this archive holds. Reading only; no key"
    " is needed; requests are counted by address."
)


def make_web_app(app: "App") -> FastAPI:
    """Return the web application of an archive. Raises BadInput for settings it can't take."""
    render = Renderer(app.settings, app.clock)
    latest = LatestStatus(app)
    metrics = Metrics(latest)
    answers = ErrorAnswers(render)
    windows = Windows()
    application = FastAPI(
        title=app.settings.site_name,
        version=__version__,
        openapi_url=OPENAPI_PATH,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        middleware=_build_middleware(app, metrics, answers, windows),
        form_limits={"max_files": 0, "max_fields": 40},
    )
    application.state.windows = windows
    answers.install(application)
    measured = cast("App", _MeasuredApp(app, metrics))
    for router in (
        make_health_router(latest, metrics),
        make_hook_router(app),
        make_blob_router(app),
        make_api_router(measured, render),
        make_docs_router(app.settings.site_name),
        make_feed_router(measured, render),
        make_watch_router(app, render, windows),
        make_sitemap_router(app, render),
        make_well_known_router(app, render),
        make_report_router(app, render, windows),
        make_admin_router(app, render, latest, windows),
    ):
        application.include_router(router)
    application.include_router(make_site_router(measured, render), include_in_schema=False)
    application.openapi = make_description(application, _ABOUT)  # type: ignore[method-assign]
    return application


def _build_middleware(
    app: "App", metrics: Metrics, answers: ErrorAnswers, windows: Windows
) -> list[Middleware]:
    """Return what a request passes through, from the outside in."""
    settings = app.settings
    return [
        Middleware(HeadAsGet),
        Middleware(AccessLog, metrics=metrics),
        Middleware(SecurityHeaders, https=is_https(settings), robots=settings.robots),
        Middleware(LastResort, answers=answers),
        Middleware(Compression),
        Middleware(Validators),
        Middleware(
            Throttle,
            window=windows.open("pages", settings.rate_limit),
            trusted=parse_proxies(settings.trusted_proxies),
            answers=answers,
        ),
        Middleware(BodyLimits, most_bytes=MOST_BODY_BYTES),
    ]


class _MeasuredApp:
    """The archive, with a clock on its searches, so that no page has to think of it."""

    def __init__(self, app: "App", metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    def search(self, request: SearchRequest) -> ResultPage:
        page = self._app.search(request)
        self._metrics.observe_search(page)
        return page

    def __getattr__(self, name: str) -> object:
        return getattr(self._app, name)
