"""Who is in the chat page of `soso bot --local`: two people, a group, a channel."""

from soso.doubles.bot_api.stage import Stage


def set_stage(stage: Stage) -> None:
    """Make them; the first person owns the group and the channel."""
    first = stage.add_user("小雨", username="xiaoyu", language="zh-hans")
    second = stage.add_user("Amy", username="amy_reads", language="en")
    stage.add_group("读书会", (first, second))
    channel = stage.add_channel(
        "小雨的频道", owner=first, username="xiaoyu_channel", description="每天读一点"
    )
    stage.post(channel, "今天读《梦溪笔谈》，第三卷讲磁针指南。 #读书")
