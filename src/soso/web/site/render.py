"""Templates to answers: the one Jinja environment, with escaping always on.

Knows what every template may use; knows nothing of what stands on a page.

Every template sees, beside what its page gives it:
  t(key, n=, **args)  a wording          speaker  soso.i18n.speaker.Speaker (counts, times, sizes)
  lang, theme, wants_sensitive           the reader's choices
  site, bot, here, base, asset(name)     site name, bot's name, this path, public address, files
and the filters and globals of site/markup.py and site/paths.py.
"""

from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from soso.config import Settings
from soso.i18n.language import Language
from soso.i18n.speaker import Speaker
from soso.ports.clock import Clock
from soso.web.site import cards, covers, differences, markup, paths, post_view
from soso.web.site.assets import Assets
from soso.web.site.preferences import THEMES, Preferences, read_preferences

_HELPFUL: Final = frozenset({400, 403, 404, 405, 410, 413, 429, 500, 503})


class Renderer:
    """Renders templates for one installation; safe in many threads."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.assets = Assets()
        self._settings = settings
        self._clock = clock
        self._templates = _make_environment()
        self._templates.globals.update(
            site=settings.site_name,
            bot=settings.bot_username,
            asset=self.assets.path,
            languages=tuple(Language),
            themes=THEMES,
            saves_searches=settings.reader_feeds > 0,
        )

    def speaker(self, request: Request) -> Speaker:
        """Return who speaks to the reader of a request."""
        return self._speaker(read_preferences(request))

    def base(self, request: Request) -> str:
        """Return the public address of the site, without a slash at its end."""
        return (self._settings.public_url or str(request.base_url)).rstrip("/")

    def page(
        self, request: Request, template: str, *, status: int = 200, **context: Any
    ) -> HTMLResponse:
        """Return a page.  context: what the template asks for, see its first lines."""
        preferences = read_preferences(request)
        speaker = self._speaker(preferences)
        html = self._templates.get_template(template).render(
            {
                "t": speaker.text,
                "speaker": speaker,
                "lang": preferences.language,
                "theme": preferences.theme,
                "wants_sensitive": preferences.sensitive,
                "here": _path_here(request),
                "base": self.base(request),
                "no_robots": not self._settings.robots,
                **context,
            }
        )
        headers = {"Content-Language": preferences.language, "Vary": "Accept-Language, Cookie"}
        return HTMLResponse(html, status_code=status, headers=headers)

    def error(self, request: Request, status: int, *, number: str = "") -> HTMLResponse:
        """Return a page that says what went wrong and helps onward.

        number: under which the log has an error of our own, for the reader to quote.
        """
        known = status if status in _HELPFUL else (500 if status >= 500 else 400)
        return self.page(request, "error.html", status=status, code=known, number=number)

    def _speaker(self, preferences: Preferences) -> Speaker:
        return Speaker(preferences.language, self._settings.time_zone, self._clock.now())


def _make_environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("soso.web.site"),
                PrefixLoader({"admin": PackageLoader("soso.web.admin")}),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(markup.FILTERS)
    for room in (paths, covers, cards, post_view, differences):
        environment.globals.update(room.GLOBALS)
    return environment


def _path_here(request: Request) -> str:
    """Return the path and query of the page, without ?lang=, to come back to after a switch."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    path = request.url.path
    return f"{path}?{urlencode(kept)}" if kept else path
