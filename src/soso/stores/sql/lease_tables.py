"""The table of leases: who does what, where several processes could.

Knows names and types of columns, as tables.py does.
"""

import sqlalchemy as sa

from soso.stores.sql.tables import ARCHIVE, Moment

# owner: nobody when it was let go. until: when it runs out, or was let go.
leases = sa.Table(
    "leases",
    ARCHIVE,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text),
    sa.Column("until", Moment, nullable=False),
)
