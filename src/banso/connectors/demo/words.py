"""Stems that company and person names are put together from. All combinations are invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """One part of a name: as written, in kana, in Latin letters."""

    written: str
    kana: str
    latin: str


def _words(text: str) -> tuple[Word, ...]:
    return tuple(Word(*entry.split("/")) for entry in text.split())


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


HEADS = _words(
    "汐/シオ/Shio 朝/アサ/Asa 瑞/ミズ/Mizu "
    "早/ハヤ/Haya 鳴/ナル/Naru 霧/キリ/Kiri 柊/ヒイラギ/Hiiragi "
    "楓/カエデ/Kaede 灯/アカリ/Akari 澄/スミ/Sumi "
    "凛/リン/Rin 雪/ユキ/Yuki 星/ホシ/Hoshi 琴/コト/Koto "
    "椿/ツバキ/Tsubaki 蒼/アオ/Ao 茜/アカネ/Akane 暁/アカツキ/Akatsuki 稲/イナ/Ina 梓/アズサ/Azusa "
    "渚/ナギサ/Nagisa 若/ワカ/Waka 篠/シノ/Shino 碧/ミドリ/Midori 鷹/タカ/Taka 雲/クモ/Kumo"
)
TAILS = _words(
    "凪/ナギ/nagi 峰/ミネ/mine 岬/ミサキ/misaki 瀬/セ/se 沢/サワ/sawa 浜/ハマ/hama 森/モリ/mori "
    "丘/オカ/oka 守/モリ/mori 野/ノ/no 葉/ハ/ha 里/サト/sato 波/ナミ/nami 原/ハラ/hara 音/ネ/ne "
    "路/ジ/ji 苑/ソノ/sono 月/ツキ/tsuki"
)
COINED_HEADS = _words(
    "ミナ/ミナ/Mina ソラ/ソラ/Sora カゼ/カゼ/Kaze ルリ/ルリ/Ruri トワ/トワ/Towa ヒビ/ヒビ/Hibi "
    "ユラ/ユラ/Yura セト/セト/Seto ハル/ハル/Haru ツムギ/ツムギ/Tsumugi イブキ/イブキ/Ibuki "
    "シグレ/シグレ/Shigure"
)
COINED_TAILS = _words(
    "ネクス/ネクス/nex ルクス/ルクス/lux "
    "フォルム/フォルム/form ヴェル/ヴェル/vel ノード/ノード/node "
    "グリッド/グリッド/grid ミクス/ミクス/mix "
    "テラ/テラ/terra クラフト/クラフト/craft リード/リード/lead"
)
FOREIGN_HEADS = _names(
    "Nor Brel Cast Vel Quor Hal Dun Mar Thal Ost Fen Gal Kest Lor Pell Rav Sten Tor Ul Wex Yar "
    "Zan Alder Bram Corv Drel Elm Finch Grav Holl"
)
FOREIGN_TAILS = _names(
    "vane liq moor denn ton wick mark sby ford rix bach lund gate holm stead well croft dale "
    "mont ridge"
)


@dataclass(frozen=True)
class Industry:
    """A field that sends people out to customers.

    Attributes:
        label: as kept in the CRM.
        words: how Japanese companies of this field call themselves.
        foreign: the same abroad.
        saturday: work on a Saturday, as a share of a weekday.
        peak_month: the busy season (1–12) of companies that have one.
    """

    label: str
    words: tuple[Word, ...]
    foreign: tuple[str, ...]
    saturday: float
    peak_month: int


INDUSTRIES = (
    Industry(
        "設備工事",
        _words("設備/セツビ/Setsubi 空調/クウチョウ/Kucho 電設/デンセツ/Densetsu"),
        ("HVAC", "Building Systems", "Mechanical"),
        0.35,
        7,
    ),
    Industry(
        "建設",
        _words("建設/ケンセツ/Kensetsu 工務店/コウムテン/Komuten 土木/ドボク/Doboku"),
        ("Construction", "Builders", "Contracting"),
        0.45,
        2,
    ),
    Industry(
        "ビルメンテナンス",
        _words(
            "ビルサービス/ビルサービス/Building-Service クリーン/クリーン/Clean "
            "メンテナンス/メンテナンス/Maintenance"
        ),
        ("Facility Services", "Cleaning", "Property Care"),
        0.40,
        12,
    ),
    Industry(
        "製造",
        _words("製作所/セイサクショ/Seisakusho 精機/セイキ/Seiki 工業/コウギョウ/Kogyo"),
        ("Industries", "Machinery", "Instruments"),
        0.08,
        3,
    ),
    Industry(
        "医療機器保守",
        _words("メディカル/メディカル/Medical 医療機器/イリョウキキ/Medical-Devices"),
        ("Medical Service", "Biomedical"),
        0.15,
        3,
    ),
    Industry(
        "造園・環境",
        _words("造園/ゾウエン/Zoen 緑化/リョクカ/Ryokka 環境/カンキョウ/Kankyo"),
        ("Landscaping", "Green Works", "Environmental"),
        0.45,
        5,
    ),
    Industry(
        "物流",
        _words("物流/ブツリュウ/Logistics 運輸/ウンユ/Transport 流通/リュウツウ/Ryutsu"),
        ("Logistics", "Freight Service"),
        0.50,
        12,
    ),
    Industry(
        "ITサービス",
        _words("システム/システム/Systems ネットワーク/ネットワーク/Networks"),
        ("Network Services", "IT Field Services"),
        0.05,
        3,
    ),
)

FAMILY_NAMES = _words(
    "佐倉/サクラ/Sakura 水野/ミズノ/Mizuno 高瀬/タカセ/Takase 森川/モリカワ/Morikawa "
    "藤原/フジワラ/Fujiwara 桐谷/キリタニ/Kiritani 長谷/ハセ/Hase 小松/コマツ/Komatsu "
    "三宅/ミヤケ/Miyake 白石/シライシ/Shiraishi 野口/ノグチ/Noguchi 柏木/カシワギ/Kashiwagi "
    "早川/ハヤカワ/Hayakawa 秋山/アキヤマ/Akiyama 星野/ホシノ/Hoshino 川端/カワバタ/Kawabata "
    "大沢/オオサワ/Osawa 西田/ニシダ/Nishida 東野/ヒガシノ/Higashino 北原/キタハラ/Kitahara"
)
GIVEN_NAMES = _words(
    "健/ケン/Ken 直美/ナオミ/Naomi 翔/ショウ/Sho 由香/ユカ/Yuka 誠/マコト/Makoto 恵/メグミ/Megumi "
    "拓也/タクヤ/Takuya 綾/アヤ/Aya 浩/ヒロシ/Hiroshi 千尋/チヒロ/Chihiro 大輔/ダイスケ/Daisuke "
    "美咲/ミサキ/Misaki 亮/リョウ/Ryo 真理/マリ/Mari 隆/タカシ/Takashi 彩/サヤ/Saya"
)
FOREIGN_FAMILY_NAMES = _names(
    "Alderton Brennick Castell Dravik Ellison Farrow Grantham Hollis Ibsen Jarvik Kessel Lindqvist "
    "Marlow Norwood Ostrander Pellis Quill Rask Stenmark Tavish"
)
FOREIGN_GIVEN_NAMES = _names(
    "Alex Billie Casey Dana Eli Frankie Gray Harper Indy Jules Kim Lee Morgan Noel Pat Quinn "
    "Robin Sam Taylor Val"
)
