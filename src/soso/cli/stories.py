"""soso stories"""

from pathlib import Path
from typing import Any

import click

from soso.bootstrap import App
from soso.cli.options import base_url, data_option, json_option, opened
from soso.cli.terminal import foreign, out, print_json, progress
from soso.i18n.language import Language
from soso.i18n.speaker import Speaker
from soso.model.links import story_path
from soso.query.rows import build_row
from soso.query.stories import StoryCard


@click.command()
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--anew", is_flag=True, help="Read all posts and tell all stories anew first.")
@click.option("--sensitive", is_flag=True, help="Show sensitive content too.")
@json_option
@data_option
def stories(limit: int, anew: bool, sensitive: bool, as_json: bool, data: Path | None) -> None:
    """Show current stories: events that several channels tell of, the most told now first.

    The worker of `soso run` tells them; here what is new since is told first.
    """
    with opened(data) as app:
        run_telling(app, anew=anew)
        found = app.list_stories(limit=limit, sensitive=sensitive)
        if as_json:
            rows = [_row(story, base_url(app), sensitive=sensitive) for story in found]
            print_json({"stories": rows})
            return
        speaker = Speaker(Language.ENGLISH, app.zone, app.clock.now())
        for story in found:
            _print(story, speaker, base_url(app))
        if not found:
            out().print("no stories: none of the events in the archive has posts of two chats")


def run_telling(app: App, *, anew: bool = False) -> None:
    """Find copies and tell stories until nothing is left to do, with a progress bar."""
    app.cluster_changes()
    with progress(of_bytes=False) as bar:
        task = bar.add_task("telling stories", total=None, note="")
        if anew:
            app.tell_stories_anew()
        while not (report := app.tell_stories()).is_idle:
            bar.update(task, advance=report.taken + report.placed)


def _row(story: StoryCard, base: str, *, sensitive: bool) -> dict[str, Any]:
    return {
        "id": story.number,
        "title": story.card.title.text,
        "post": build_row(story.card, base, sensitive=sensitive),
        "chats": [chat.ref for chat in story.chats],
        "posts": story.posts,
        "first_at": story.first_at.isoformat(),
        "last_at": story.last_at.isoformat(),
        "url": base + story_path(story.number),
    }


def _print(story: StoryCard, speaker: Speaker, base: str) -> None:
    console = out()
    console.print(foreign(story.card.title.text or story.card.fallback), style="bold")
    console.print(
        f"  {len(story.chats)} channels, {story.posts} posts,"
        f" {speaker.moment(story.first_at).full} to {speaker.moment(story.last_at).full}"
    )
    console.print("  ", foreign(", ".join(chat.title for chat in story.chats)), style="dim")
    console.print(f"  {base}{story_path(story.number)}", style="dim")
