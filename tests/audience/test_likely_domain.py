"""Mistyped mail domains are told with the likely one; real ones never."""

import pytest

from newsletter.audience.likely_domain import likely_domain

SLIPS = {
    "naver.com": (
        "naver.con naver.cmo naver.ocm naver.co naver.cm naver.om naver.comm naver.net naver.kr nvaer.com"
        " navr.com nver.com naverr.com naber.com navef.com www.naver.com www.naver.con"
    ),
    "hanmail.net": (
        "hanmial.net hanmil.net hanmai.net hanmaill.net hnamail.net hanmail.com hanmail.ney hanmail.nte hanmail.co.kr"
    ),
    "daum.net": ("duam.net dauum.net daum.com daum.ney daum.ner daum.ne"),
    "gmail.com": (
        "gmial.com gamil.com gmali.com gmai.com gmaill.com gnail.com gmil.com gmail.con gmail.co gmail.co.kr"
        " gmail.cmo gmial.con"
    ),
    "nate.com": ("ntae.com nate.con natee.com nate.net"),
    "kakao.com": ("kakoa.com kako.com kakao.cm kakaoo.com"),
    "hotmail.com": ("hotmial.com hotmai.com hotnail.com hotmail.co hotmail.con"),
    "outlook.com": ("outlok.com outloook.com outlook.cm"),
    "yahoo.com": ("yaho.com yahooo.com yahoo.con"),
    "icloud.com": ("iclod.com icluod.com icloud.con"),
    "company.com": ("company.con company.cmo company.commm"),
    "si.re.kr": ("si.re.krr si.re.rk"),
    "seoul.org": ("seoul.ogr"),
}
REAL = (
    "naver.com naver.co.kr hanmail.net daum.net gmail.com googlemail.com nate.com kakao.com mail.com"
    " email.com ymail.com gmx.com gmx.net gmx.de hotmail.com hotmail.co.uk hotmail.fr hotmail.co.kr"
    " outlook.com outlook.kr outlook.fr live.com live.co.kr yahoo.com yahoo.co.kr yahoo.co.jp yahoo.co.uk"
    " yahoo.ca icloud.com cloud.com me.com mac.com proton.me protonmail.com qq.com mail.ru yandex.ru"
    " korea.kr korea.com empal.com lycos.co.kr dreamwiz.com aver.com date.com line.com love.com nates.com"
    " si.re.kr seoul.go.kr snu.ac.kr example.com example.org a.co b.ne c.cm d.om t.co"
)


@pytest.mark.parametrize(("typed", "likely"), [(slip, real) for real, all_ in SLIPS.items() for slip in all_.split()])
def test_a_slip_is_told_with_the_likely_domain(typed: str, likely: str) -> None:
    assert likely_domain(typed) == likely


@pytest.mark.parametrize("domain", REAL.split())
def test_a_real_domain_is_left_alone(domain: str) -> None:
    assert likely_domain(domain) == ""


@pytest.mark.parametrize("known", ["naver.com", "gmail.com", "hanmail.net", "hotmail.com", "outlook.com"])
def test_two_keys_swapped_and_a_key_struck_twice_are_slips_wherever_they_are(known: str) -> None:
    name, _, end = known.partition(".")
    swapped = {name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in range(len(name) - 1)} - {name}
    doubled = {name[:at] + name[at] + name[at:] for at in range(len(name))}
    left_out = {name[:at] + name[at + 1 :] for at in range(1, len(name))}
    told = {typed: likely_domain(f"{typed}.{end}") for typed in swapped | doubled | left_out}
    assert set(told.values()) == {known}, told


@pytest.mark.parametrize("domain", ["", "a", ".", "com", "con", "a.con.", "xn--3e0b707e.con"])
def test_odd_domains_do_no_harm(domain: str) -> None:
    assert likely_domain(domain) in {"", "xn--3e0b707e.com"}
