"""Texts to the token ids of multilingual-e5.

Knows sentencepiece: how its model is written from a vocabulary, and asked; must not know the
encoder. Normalization is the vocabulary's own table of characters, compiled into the model; before
it texts are composed (NFC), because sentencepiece's table at the training knew decomposed letters
too, and the table at hand has only single characters. Runs of unknown characters are one token, as
at the training. Text never becomes a special token: "<s>" typed by someone is three characters.
"""

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from soso.embedders.e5.weights import Vocabulary
from soso.embedders.foreign import encodable
from soso.embedders.packages import load_package
from soso.model.errors import Unavailable

_NORMAL: Final = 1
_UNKNOWN: Final = 2
_CONTROL: Final = 3
_UNIGRAM: Final = 1
_MASK: Final = "<mask>"
_CHARACTERS_A_TOKEN: Final = 16
"""A text is cut to so many characters for each token that fits; words of Latin letters average
four, and the longest pieces of the vocabulary have 16."""


def write_tokenizer(vocabulary: Vocabulary, path: Path) -> None:
    """Write a sentencepiece model that gives the vocabulary's ids. Raises Unavailable."""
    sentencepiece = load_package("sentencepiece")
    proto = load_package("sentencepiece.sentencepiece_model_pb2", pip="sentencepiece protobuf")
    sentencepiece.set_min_log_level(2)  # else it tells on standard error what it compiles
    special = {vocabulary.bos, vocabulary.eos, vocabulary.pad}
    model = proto.ModelProto()
    for number, piece in enumerate(vocabulary.pieces):
        kind = _CONTROL if number in special or piece == _MASK else _NORMAL
        kind = _UNKNOWN if number == vocabulary.unk else kind
        model.pieces.add(piece=piece, score=float(vocabulary.scores[number]), type=kind)
    trainer = model.trainer_spec
    trainer.model_type = _UNIGRAM
    trainer.vocab_size = len(vocabulary.pieces)
    trainer.unk_id, trainer.pad_id = vocabulary.unk, vocabulary.pad
    trainer.bos_id, trainer.eos_id = vocabulary.bos, vocabulary.eos
    replaced = sorted((char, put) for char, put in vocabulary.replaced.items() if char != "\0")
    normalizer = sentencepiece.SentencePieceNormalizer(
        norm_map=replaced,
        add_dummy_prefix=True,
        escape_whitespaces=True,
        remove_extra_whitespaces=True,
    )
    compiled = proto.ModelProto.FromString(normalizer.serialized_model_proto())
    model.normalizer_spec.CopyFrom(compiled.normalizer_spec)
    path.write_bytes(model.SerializeToString())


class Tokenizer:
    """Asked from many threads."""

    def __init__(self, path: Path, *, longest: int) -> None:
        """Load a model that write_tokenizer wrote; about half a second, 50 MB.

        longest: ids a text is cut to, bos and eos among them. Raises Unavailable.
        """
        sentencepiece = load_package("sentencepiece")
        try:
            self._processor: Any = sentencepiece.SentencePieceProcessor(model_file=str(path))
        except (OSError, RuntimeError) as error:
            raise Unavailable(f"the tokenizer in {path} can't be read: {error}") from error
        self._longest = longest
        self._bos, self._eos = self._processor.bos_id(), self._processor.eos_id()

    def encode(self, prefix: str, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each text behind the prefix, the first that fit."""
        longest = self._longest * _CHARACTERS_A_TOKEN
        composed = [
            prefix + unicodedata.normalize("NFC", encodable(text.lstrip(), longest=longest))
            for text in texts
        ]
        room = self._longest - 2
        return [[self._bos, *self._processor.encode(text)[:room], self._eos] for text in composed]
