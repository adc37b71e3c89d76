"""Plural categories by language, as two versions of CLDR have them; written by `make plurals`."""

CLDR = ("27", "49")
TABLE = (
    (
        "one few many other",
        "one few many other",
        """
        be pl ru uk
        """,
    ),
    (
        "one few many other",
        "one two few many other",
        """
        mt
        """,
    ),
    (
        "one few other",
        "one few many other",
        """
        cs lt sk
        """,
    ),
    (
        "one few other",
        "one few other",
        """
        bs hr mo ro sh shi sr
        """,
    ),
    (
        "one many other",
        "one many other",
        """
        lld scn vec
        """,
    ),
    (
        "one other",
        "one many other",
        """
        ca es fr gl it pt pt-PT
        """,
    ),
    (
        "one other",
        "one other",
        """
        af ak am an as asa ast az bal bem bez bg bh bho bn brx ce ceb cgg chr ckb csw da de doi dv
        ee el en eo et eu fa ff fi fil fo fur fy gsw gu guw ha haw hi hu hy ia ie io is jgo ji jmc
        ka kab kaj kcg kk kkj kl kn kok ks ksb ku ky lb lg lij ln mas mg mgo mk ml mn mr nah nb nd
        ne nl nn nnh no nr nso ny nyn om or os pa pap pcm ps rm rof rwk saq sc sd sdh seh si sn so
        sq ss ssy st sv sw syr ta te teo tg ti tig tk tl tn tr ts tzm ug ur uz ve vo vun wa wae xh
        xog yi zu
        """,
    ),
    (
        "one two few many other",
        "one two few many other",
        """
        br ga
        """,
    ),
    (
        "one two few other",
        "one two few many other",
        """
        gv sgs
        """,
    ),
    (
        "one two few other",
        "one two few other",
        """
        dsb gd hsb sl
        """,
    ),
    (
        "one two many other",
        "one two many other",
        """
        iw
        """,
    ),
    (
        "one two other",
        "one two many other",
        """
        he
        """,
    ),
    (
        "one two other",
        "one two other",
        """
        iu naq sat se sma smi smj smn sms
        """,
    ),
    (
        "one two other",
        "zero one two few many other",
        """
        kw
        """,
    ),
    (
        "other",
        "one other",
        """
        vi
        """,
    ),
    (
        "other",
        "other",
        """
        bm bo dz id ig ii in ja jbo jv jw kde kea km ko lkt lo ms my nqo sah ses sg th to wo yo zh
        """,
    ),
    (
        "zero one other",
        "zero one other",
        """
        blo cv ksh lag lv prg
        """,
    ),
    (
        "zero one two few many other",
        "zero one two few many other",
        """
        ar cy
        """,
    ),
)
"""Required and allowed categories, and the languages that have them."""
