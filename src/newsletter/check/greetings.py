"""How much of the beginning of a text only greets: `구독자님, 안녕하세요.`, `Dear reader,`. Touches: nothing.

A sentence is a greeting where all of it is one: who greets, who is greeted, how they are, thanks for reading. Limits:
Korean and English alone. What begins as a greeting and goes on to say something is taken for news, as is whatever has
a digit in it.
"""

import re
from collections.abc import Collection, Iterator

_FIELD = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_SIGNS = re.compile(r"[*_~>#`]|\[(?=[^\]]*\]\()|(?<=\])\([^)]*\)|\]")
_SENTENCE = re.compile(r"[^.!?。！？…~\n]+[.!?。！？…~]*")
_ENDS = " \t,，.!?。！？…~:;–-"
_WHO = r"(?:[^\s,，]+\s){0,3}[^\s,，]*(?:님|여러분)(?:께|들)?"
_GREETINGS = re.compile(
    rf"""
      (?:{_WHO}[,，]?\s)?안녕(?:하세요|하십니까|하신가요|하셨나요|하셨어요)(?:[,，]?\s{_WHO})?
    | {_WHO}
    | (?:(?:그동안|모두|다들|오늘도|이번\s달도)\s)* (?:잘|건강하게|평안히|평안하게|무탈하게)
      \s(?:지내|계)\S{{1,6}}(?:\s(?:바랍니다|계신가요|계시나요|계시죠|계시지요))?
    | (?:(?:만나|만나서|만나뵙게\s되어|뵙게\s되어|다시\s만나)\s)?반갑습니다
    | (?:{_WHO}\s)?(?:(?:첫|새해|다시|처음)\s)?인사(?:를)?\s?(?:드립니다|올립니다|전합니다|드려요)
    | (?:(?:늘|항상|언제나|이번\s호도)\s)*(?:구독해|읽어|열어|찾아|함께해|관심\s가져)\s?주셔서
      \s(?:(?:늘|진심으로)\s)?(?:감사합니다|감사드립니다|고맙습니다)

    | (?:dear|hello|hi|hey|greetings)(?:\s[\w'’.-]+){{0,4}}
    | (?:a\s)?(?:very\s)?(?:good\s(?:morning|afternoon|evening)|happy\snew\syear|season[’']s\sgreetings)
      (?:,?\s(?:to\syou\sall|everyone|all|dear\s\w+|readers?|friends))?
    | (?:a\swarm\s)?welcome(?:\sback)?
      (?:\sto\s(?:(?:our|the|this|another|your)\s)?(?:[\w'’-]+\s){{0,4}}(?:newsletter|letter|issue|edition|number)
      (?:\sof\s[\w'’\s-]{{1,40}})?)?
    | (?:i|we)\s(?:do\s)?(?:hope|trust)(?:\sthat)?\s(?:this|you|your|all)\b[^,;:]{{0,40}}\b(?:well|healthy|safe|fine)
      (?:\sand\s(?:well|healthy|safe|fine))?
    | (?:many\s)?thank(?:s|\syou)(?:\s(?:so|very)\smuch)?
      \sfor\s(?:subscribing|reading|joining\sus|your\sinterest|being\swith\sus)
      (?:\s(?:to|in|of)\s(?:us|our\s\w+|this\s\w+|[\w'’\s-]{{2,30}}))?
    | how\s(?:are|have)\syou(?:\sbeen|\sall)?(?:\sdoing)?(?:\stoday)?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SELF = (
    r"(?:[^\s,，]+\s){{0,2}}{name}(?:의\s\S+)?(?:입니다|이에요|예요)",
    r"(?:this\sis|we\sare|i\sam|i['’]m)\s(?:\w+\s(?:of|from|at)\s)?(?:the\s)?{name}",
)


def greeting_at_start(text: str, names: Collection[str]) -> tuple[str, str]:
    """The sentences that only greet, and what follows, both as shown; `names` are those who write.

    Markdown's signs are gone, and a merge field reads as a word.
    """
    shown = _SIGNS.sub("", _FIELD.sub("N", text)).strip()
    end = 0
    for start, sentence in _sentences(shown):
        if not _greets(sentence, names):
            return shown[:start].strip(), shown[start:]
        end = start + len(sentence)
    return shown[:end].strip(), ""


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    return ((found.start(), found[0]) for found in _SENTENCE.finditer(text) if found[0].strip(_ENDS))


def _greets(sentence: str, names: Collection[str]) -> bool:
    said = " ".join(sentence.split()).strip(_ENDS)
    if re.search(r"\d", said):
        return False
    introduces = (form.format(name=re.escape(name)) for name in names if name for form in _SELF)
    return bool(_GREETINGS.fullmatch(said)) or any(re.fullmatch(one, said, re.IGNORECASE) for one in introduces)
