"""soso show CHAT/ID"""

from pathlib import Path

import click

from soso.cli.options import base_url, data_option, json_option, opened, parse_post_name
from soso.cli.terminal import foreign, out, print_json
from soso.i18n.language import Language
from soso.i18n.speaker import Speaker
from soso.model.links import post_path, telegram_post_link


@click.command()
@click.argument("name", metavar="CHAT/ID")
@json_option
@data_option
def show(name: str, as_json: bool, data: Path | None) -> None:
    """Show a post as it is kept, with its former texts; private and deleted ones too."""
    chat_name, number = parse_post_name(name)
    with opened(data) as app:
        chat, stored, revisions = app.get_post(chat_name, number)
        url = base_url(app) + post_path(chat, stored.post.id)
        if as_json:
            print_json(
                {
                    "chat": chat.ref,
                    "chat_title": chat.title,
                    "visibility": chat.visibility,
                    "url": url,
                    "hidden": stored.hidden,
                    "sensitive": stored.sensitive,
                    "buried_at": stored.buried_at,
                    "post": stored.post,
                    "revisions": revisions,
                }
            )
            return
        speaker = Speaker(Language.ENGLISH, app.zone, app.clock.now())
    post, console = stored.post, out()
    console.print(foreign(f"{chat.title}  {chat.ref}/{post.id}"), style="bold")
    facts = [speaker.moment(post.at).full, f"{post.views or 0:,} views"]
    facts += ["edited"] if post.edited else []
    facts += ["hidden"] if stored.hidden else []
    facts += ["deleted"] if stored.buried_at else []
    console.print(" · ".join(facts), style="dim")
    console.print(foreign(post.text))
    for media in post.media:
        console.print(f"[{media.kind}]", foreign(media.file_name or ""), markup=False)
    for revision in revisions:
        console.print(f"before {speaker.moment(revision.replaced_at).full}:", style="dim")
        console.print(foreign(revision.text), style="dim")
    console.print(telegram_post_link(chat, post.id) or "", url, markup=False)
