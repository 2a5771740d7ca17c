"""From the cosines of passages to documents, alike for all that find the nearest.

Must not know where vectors lie.
"""

import numpy as np
from numpy.typing import NDArray

from soso.model.ids import DocId
from soso.ports.nearest import Near


def by_document(
    docs: NDArray[np.int64], cosines: NDArray[np.float32], places: NDArray[np.int16], limit: int
) -> tuple[Near, ...]:
    """Return each document once, the highest cosine first, ties by rising document.

    docs, cosines and places are those of passages, one beside the other, in any order. places: which
    of its document's each is, counted from 0.
    """
    if not len(docs):
        return ()
    order = np.lexsort((-cosines, docs))
    docs, cosines, places = docs[order], cosines[order], places[order]
    starts = np.flatnonzero(np.append(True, docs[1:] != docs[:-1]))
    best = cosines[starts]
    following = np.minimum(starts + 1, len(docs) - 1)
    second = np.where(docs[following] == docs[starts], cosines[following], best)
    opening = np.flatnonzero(places == 0)
    first = best.copy()
    first[np.searchsorted(docs[starts], docs[opening])] = cosines[opening]
    chosen = np.lexsort((docs[starts], -best))[: max(limit, 0)]
    columns = (docs[starts], best, second, first, places[starts])
    return tuple(
        Near(doc=DocId(doc), cosine=cosine, second=second, first=first, passage=passage)
        for doc, cosine, second, first, passage in zip(
            *(column[chosen].tolist() for column in columns), strict=True
        )
    )
