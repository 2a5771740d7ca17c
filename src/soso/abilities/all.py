"""All topics in one class; bootstrap.App adds reading, writing and the operator's desk."""

from soso.abilities.account import AccountApp
from soso.abilities.alerting import AlertingApp
from soso.abilities.alike import AlikeApp
from soso.abilities.asking import AskingApp
from soso.abilities.conversing import ConversingApp
from soso.abilities.did_you_mean import DidYouMeanApp
from soso.abilities.discovering import DiscoveringApp
from soso.abilities.indexing import IndexingApp
from soso.abilities.moving import MovingApp
from soso.abilities.picturing import PicturesApp
from soso.abilities.relating import RelatingApp
from soso.abilities.storytelling import StoriesApp
from soso.abilities.taking_part import TakingPartApp
from soso.abilities.understanding import UnderstandingApp
from soso.abilities.updating import UpdatingApp


class Abilities(
    DiscoveringApp,
    AccountApp,
    TakingPartApp,
    ConversingApp,
    AskingApp,
    DidYouMeanApp,
    AlikeApp,
    IndexingApp,
    MovingApp,
    RelatingApp,
    StoriesApp,
    UnderstandingApp,
    UpdatingApp,
    AlertingApp,
    PicturesApp,
):
    """What can be done with an archive, by topic. Methods may be called from many threads."""
