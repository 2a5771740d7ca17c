"""Which method is which function; names in lower case, as the server compares them."""

from collections.abc import Callable
from typing import Any, Final

from soso.doubles.bot_api import editing, places, queries, sending, webhook
from soso.doubles.bot_api.api import Api
from soso.doubles.bot_api.arguments import Call
from soso.doubles.bot_api.errors import ApiError

Method = Callable[[Api, Call], Any]

METHODS: Final[dict[str, Method]] = {
    "getme": places.get_me,
    "getchat": places.get_chat,
    "getchatmember": places.get_member,
    "getchatadministrators": places.get_administrators,
    "getchatmembercount": places.get_member_count,
    "leavechat": places.leave_chat,
    "sendchataction": places.send_action,
    "setmycommands": places.set_commands,
    "getmycommands": places.get_commands,
    "deletemycommands": places.delete_commands,
    **{f"setmy{name}": places.set_profile for name in ("name", "description", "shortdescription")},
    **{f"getmy{name}": places.get_profile for name in ("name", "description", "shortdescription")},
    "setchatmenubutton": places.set_nothing,
    "setmydefaultadministratorrights": places.set_nothing,
    "getfile": places.get_file,
    "sendmessage": sending.send_message,
    **{
        f"send{kind}": sending.send_media
        for kind in ("photo", "video", "document", "audio", "animation", "voice")
    },
    "sendmediagroup": sending.send_media_group,
    "copymessage": sending.copy_message,
    "forwardmessage": sending.forward_message,
    "editmessagetext": editing.edit_text,
    "editmessagecaption": editing.edit_caption,
    "editmessagereplymarkup": editing.edit_markup,
    "editmessagemedia": editing.edit_media,
    "deletemessage": editing.delete_message,
    "deletemessages": editing.delete_messages,
    "answercallbackquery": queries.answer_callback,
    "answerinlinequery": queries.answer_inline,
    "setwebhook": webhook.set_webhook,
    "deletewebhook": webhook.delete_webhook,
    "getwebhookinfo": webhook.get_webhook_info,
    "logout": places.set_nothing,
    "close": places.set_nothing,
}


def run_method(api: Api, call: Call) -> Any:
    """Return what a method answers; getUpdates is the server's, for it waits. Raises ApiError."""
    method = METHODS.get(call.method)
    if method is None:
        raise ApiError(404, "Not Found")
    with api.lock:
        api.calls.append((api.clock.now_s(), call.method, call.args))
        result = method(api, call)
        api.tell()
        return result
