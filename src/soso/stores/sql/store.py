"""The store: all its ports over one database, and the kept answers beside it.

Puts the parts together; each part fills one port and knows its own tables.
"""

from collections.abc import Callable

from soso.model.errors import SosoError
from soso.model.post import Post
from soso.stores.sql.answers import SqlAnswers, open_scratch
from soso.stores.sql.apply import Rules
from soso.stores.sql.bot_albums import SqlBotAlbums
from soso.stores.sql.bot_kept import SqlBotKept
from soso.stores.sql.changes import SqlChanges
from soso.stores.sql.chats import SqlChats
from soso.stores.sql.check import check
from soso.stores.sql.connect import Database
from soso.stores.sql.copies import SqlCopies
from soso.stores.sql.deliveries import SqlDeliveries
from soso.stores.sql.desk import SqlDesk
from soso.stores.sql.discovery import SqlDiscovery
from soso.stores.sql.following import SqlFollowed
from soso.stores.sql.hosts import SqlHosts
from soso.stores.sql.journal import SqlJournal
from soso.stores.sql.leases import SqlLeases
from soso.stores.sql.migrate import migrate
from soso.stores.sql.pictures_due import SqlPicturesDue
from soso.stores.sql.posts import SqlPosts
from soso.stores.sql.queries import SqlQueries
from soso.stores.sql.senders import SqlSenders
from soso.stores.sql.stories import SqlStories
from soso.stores.sql.suggestions import SqlSuggestions, open_suggestions
from soso.stores.sql.tallies import SqlTallies
from soso.stores.sql.uses import SqlUses
from soso.stores.sql.vectors import SqlVectors
from soso.stores.sql.watches import SqlWatches


def _never(_post: Post) -> bool:
    return False


class SqlStore:
    """Fills ports.store.Store over SQLite or PostgreSQL; used from many threads and processes.

    What survives a crash and a power cut: dialect.py says.
    """

    def __init__(
        self,
        url: str,
        *,
        scratch_url: str | None = None,
        suggestions_url: str | None = None,
        fold: Callable[[str], str] = str.casefold,
        is_sensitive: Callable[[Post], bool] = _never,
        wait_s: float = 30.0,
    ) -> None:
        """Open the archive and bring its tables up to date.

        url: sqlite:////a/file or postgresql+psycopg://…; the file's folder must be there.
        scratch_url: where answers are kept; by default the file beside (archive-scratch.db), with
        PostgreSQL the same database. suggestions_url: the same for suggestions.
        fold: how the words of blocks are compared.
        is_sensitive: marks posts when they come in and when their text changes.
        wait_s: how long to wait for another writer.
        Raises BadInput for an address that is none, Unavailable (also for a newer database).
        """
        self._main = Database(url, wait_s=wait_s)
        try:
            migrate(self._main)
            self._scratch = open_scratch(scratch_url, beside=url, wait_s=wait_s)
            self._suggestions = open_suggestions(suggestions_url, beside=url, wait_s=wait_s)
        except SosoError:
            self._main.close()
            raise
        self._databases = (self._main, self._scratch, self._suggestions)
        rules = Rules(fold=fold, is_sensitive=is_sensitive)

        chats = SqlChats(self._main, rules)
        self.get_chat = chats.get_chat
        self.get_chats = chats.get_chats
        self.find_chat_by_peer = chats.find_chat_by_peer
        self.find_chat_by_username = chats.find_chat_by_username
        self.find_chats_by_title = chats.find_chats_by_title
        self.list_chats = chats.list_chats
        self.count_chats = chats.count_chats
        self.add_chat = chats.add_chat
        self.update_chat = chats.update_chat
        self.set_chat = chats.set_chat
        self.merge_chats = chats.merge_chats

        suggestions = SqlSuggestions(self._suggestions)
        self.put_offers = suggestions.put_offers
        self.find_suggested = suggestions.find_suggested
        self.count_suggestions = suggestions.count_suggestions
        self.find_walk = suggestions.find_walk
        self.keep_walk = suggestions.keep_walk

        posts = SqlPosts(self._main, rules, suggestions.erase_offers)
        self.apply = posts.apply
        self.get_posts = posts.get_posts
        self.find_post = posts.find_post
        self.find_posts = posts.find_posts
        self.list_posts = posts.list_posts
        self.list_revisions = posts.list_revisions
        self.iter_posts = posts.iter_posts
        self.iter_tombstones = posts.iter_tombstones
        self.count_posts = posts.count_posts
        self.hide_post = posts.hide_post
        self.mark_post = posts.mark_post
        self.purge_posts = posts.purge_posts
        self.purge_chat = posts.purge_chat
        self.unused_blobs = posts.unused_blobs

        uses = SqlUses(self._main, posts, fold)
        self.find_blocked = uses.find_blocked
        self.is_blob_shown = uses.is_blob_shown

        changes = SqlChanges(self._main)
        self.changes = changes.changes
        self.ack = changes.ack
        self.reset = changes.reset
        self.drop_consumer = changes.drop_consumer
        self.last_seq = changes.last_seq
        self.lag = changes.lag
        self.iter_docs = changes.iter_docs
        self.last_key = changes.last_key
        self.trim_changes = changes.trim_changes

        kept = SqlVectors(self._main)
        self.put_vectors = kept.put_vectors
        self.find_marks = kept.find_marks
        self.find_vectors = kept.find_vectors
        self.list_vectors = kept.list_vectors
        self.list_unembedded = kept.list_unembedded
        self.count_vectors = kept.count_vectors
        self.list_models = kept.list_models
        self.drop_model = kept.drop_model

        queries = SqlQueries(self._main)
        self.add_queries = queries.add_queries
        self.list_queries = queries.list_queries
        self.fold_queries = queries.fold_queries
        self.forget_queries = queries.forget_queries

        copies = SqlCopies(self._main)
        self.copies_turn = copies.copies_turn
        self.put_copies = copies.put_copies
        self.drop_copies = copies.drop_copies
        self.find_rows = copies.find_rows
        self.find_by_text = copies.find_by_text
        self.find_by_features = copies.find_by_features
        self.find_by_origin = copies.find_by_origin
        self.find_members = copies.find_members
        self.find_dressings = copies.find_dressings
        self.find_sample = copies.find_sample
        self.list_stale_chats = copies.list_stale_chats
        self.clusters_of = copies.clusters_of
        self.cluster_sizes = copies.cluster_sizes
        self.list_cluster = copies.list_cluster
        self.count_copies = copies.count_copies

        stories = SqlStories(self._main)
        self.stories_turn = stories.stories_turn
        self.put_tellings = stories.put_tellings
        self.put_stories = stories.put_stories
        self.take_story_numbers = stories.take_story_numbers
        self.tell_all_anew = stories.tell_all_anew
        self.load_measure = stories.load_measure
        self.first_due = stories.first_due
        self.find_told = stories.find_told
        self.find_told_of = stories.find_told_of
        self.list_told = stories.list_told
        self.iter_terms = stories.iter_terms
        self.count_tellings = stories.count_tellings
        self.find_story = stories.find_story
        self.find_story_of = stories.find_story_of
        self.list_hot = stories.list_hot
        self.list_stories = stories.list_stories
        self.list_parts = stories.list_parts

        talked = SqlBotKept(self._main)
        self.find_bot_chat = talked.find_bot_chat
        self.keep_bot_chat = talked.keep_bot_chat
        self.list_bot_people = talked.list_bot_people
        self.count_bot_people = talked.count_bot_people
        self.keep_bot_query = talked.keep_bot_query
        self.find_bot_query = talked.find_bot_query
        self.forget_bot_queries = talked.forget_bot_queries
        self.add_submission = talked.add_submission
        self.get_submission = talked.get_submission
        self.list_submissions = talked.list_submissions
        self.close_submissions = talked.close_submissions
        self.list_untold_submissions = talked.list_untold_submissions
        self.mark_submission_told = talked.mark_submission_told
        self.add_broadcast = talked.add_broadcast
        self.get_broadcast = talked.get_broadcast
        self.list_broadcasts = talked.list_broadcasts
        self.move_broadcast = talked.move_broadcast
        self.advance_broadcast = talked.advance_broadcast

        albums = SqlBotAlbums(self._main)
        self.note_album_item = albums.note_album_item
        self.forget_albums = albums.forget_albums

        watches = SqlWatches(self._main)
        self.add_watch = watches.add_watch
        self.get_watch = watches.get_watch
        self.get_watches = watches.get_watches
        self.find_watch_by_secret = watches.find_watch_by_secret
        self.list_watches = watches.list_watches
        self.count_watches = watches.count_watches
        self.keep_watch = watches.keep_watch
        self.remove_watch = watches.remove_watch
        self.watch_turns = watches.watch_turns
        self.put_matches = watches.put_matches
        self.list_matches = watches.list_matches
        self.forget_matches = watches.forget_matches

        deliveries = SqlDeliveries(self._main)
        self.list_due = deliveries.list_due
        self.find_told_of_watch = deliveries.find_told_of_watch
        self.last_told_at = deliveries.last_told_at
        self.open_delivery = deliveries.open_delivery
        self.take_deliveries = deliveries.take_deliveries
        self.list_delivered = deliveries.list_delivered
        self.keep_delivery = deliveries.keep_delivery
        self.list_deliveries = deliveries.list_deliveries

        answers = SqlAnswers(self._scratch)
        self.keep_answer = answers.keep_answer
        self.find_answer = answers.find_answer
        self.drop_expired = answers.drop_expired

        hosts = SqlHosts(self._scratch)
        self.take_turn = hosts.take_turn
        self.find_pace = hosts.find_pace
        self.list_paces = hosts.list_paces
        self.back_off = hosts.back_off
        self.forget_failures = hosts.forget_failures

        senders = SqlSenders(self._scratch)
        self.meet_senders = senders.meet_senders
        self.leave_senders = senders.leave_senders
        self.take_sending_turn = senders.take_sending_turn
        self.list_sent = senders.list_sent
        self.swap_tallies = SqlTallies(self._scratch).swap_tallies

        pictures = SqlPicturesDue(self._main)
        self.add_pictures_due = pictures.add_pictures_due
        self.take_pictures_due = pictures.take_pictures_due
        self.keep_picture_due = pictures.keep_picture_due
        self.drop_pictures_due = pictures.drop_pictures_due
        self.list_pictures_due = pictures.list_pictures_due
        self.count_pictures_due = pictures.count_pictures_due
        discovery = SqlDiscovery(self._main)
        self.note_met = discovery.note_met
        self.list_met = discovery.list_met
        self.list_met_in = discovery.list_met_in
        self.ignore_met = discovery.ignore_met

        following = SqlFollowed(self._main)
        self.add_followed = following.add_followed
        self.get_followed = following.get_followed
        self.find_followed = following.find_followed
        self.find_followed_of = following.find_followed_of
        self.list_followed = following.list_followed
        self.count_followed = following.count_followed
        self.count_late = following.count_late
        self.change_followed = following.change_followed
        self.remove_followed = following.remove_followed
        self.take_due = following.take_due
        self.take_followed = following.take_followed
        self.free_leases = following.free_leases
        self.keep_followed = following.keep_followed
        self.next_due_at = following.next_due_at
        self.list_alive_ids = following.list_alive_ids

        leases = SqlLeases(self._main)
        self.take_lease = leases.take_lease
        self.take_free_lease = leases.take_free_lease
        self.end_lease = leases.end_lease
        self.list_leases = leases.list_leases

        desk = SqlDesk(self._main)
        self.add_request = desk.add_request
        self.get_request = desk.get_request
        self.list_requests = desk.list_requests
        self.close_request = desk.close_request
        self.add_block = desk.add_block
        self.remove_block = desk.remove_block
        self.list_blocks = desk.list_blocks
        self.log_decision = desk.log_decision
        self.list_decisions = desk.list_decisions
        self.restore_desk = desk.restore_desk
        self.get_setting = desk.get_setting
        self.set_setting = desk.set_setting
        self.add_setting = desk.add_setting

        journal = SqlJournal(self._main)
        self.find_cursor = journal.find_cursor
        self.keep_cursor = journal.keep_cursor
        self.add_report = journal.add_report
        self.list_reports = journal.list_reports

    def size_bytes(self) -> int:
        """Return how much the databases take on disk."""
        databases = {one.engine.url: one for one in self._databases}
        return sum(one.size_bytes() for one in databases.values())

    def check(self) -> list[str]:
        """Return what is wrong with the archive in words, empty when it is sound."""
        return check(self._main)

    def close(self) -> None:
        """Let go of files and connections."""
        for database in self._databases:
            database.close()
