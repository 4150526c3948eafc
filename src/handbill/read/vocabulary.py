"""What other tools, and other people, call the tables and fields of the file."""

from collections.abc import Mapping

from handbill.model import Digest, Enclosure, Entry, Link, Site


def _by_name(words: Mapping[str, str]) -> dict[str, str]:
    return {word: field for field, line in words.items() for word in line.split()}


FIELDS: Mapping[type, Mapping[str, str]] = {
    Entry: _by_name(
        {
            "date": "pubdate published publishedat publisheddate datepublished publishdate publishon pubtime created"
            " createdat datecreated timestamp day when posted postdate postedon time announced datum fecha data"
            " дата 日期 日付 التاريخ تاريخ",
            "title": "name headline heading header titel titre titulo titolo tytuł"
            " заголовок название 标题 标题 題名 タイトル العنوان عنوان",
            "url": "link href uri permalink externalurl website webpage page address adresse enlace lien weblink"
            " homepage ссылка адрес 链接 网址 リンク الرابط رابط odnośnik ligação",
            "kind": "type form format genre mediakind resourcetype doctype",
            "publisher": "source sourcename organisation organization org outlet agency issuer publishername",
            "authors": "author creator creators byline by writer writers writtenby autor autoren auteur auteurs autores"
            " autorzy автор 作者 contributors contributor dccreator",
            "issued": "originaldate originalpublicationdate firstpublished issuedate dateissued released releasedate"
            " year",
            "revised": "edition revision revisiondate reviseddate version",
            "updated": "modified updatedat datemodified lastmod lastmodified lastupdated lastupdate moddate updateddate"
            " updatedon changed",
            "expires": "expiry expirydate expirationdate expiration expire expiresat expireson expired until validuntil"
            " enddate unpublish hideafter",
            "withdrawn": "retracted retraction removed revoked takendown deleted withdraw withdrawnon withdrawndate",
            "withdrawn-reason": "reason withdrawreason withdrawnbecause retractionreason",
            "categories": "category tags tag keywords keyword labels label topics topic subjects subject themes theme"
            " kategorie kategorien sections categorias kategoria"
            " категории теги 分类 标签",
            "lang": "language locale hreflang sprache idioma langue inlanguage",
            "summary": "description desc abstract excerpt blurb teaser synopsis lead lede intro introduction "
            "contentsnippet  standfirst deck subtitle shortdescription zusammenfassung resumen resume"
            " sommaire streszczenie описание 摘要 ملخص",
            "content": "body text html markdown md article contenthtml contenttext contentencoded fulltext longtext"
            " inhalt contenido contenu texte treść текст 内容 正文 المحتوى"
            " description-long contents",
            "image": "picture photo thumbnail thumb img cover coverimage featuredimage heroimage hero banner imageurl"
            " bannerimage bild",
            "image-alt": "alt alttext imagealttext imagedescription caption imagecaption altimage imagetext",
            "highlight": "featured feature pinned pin sticky important top starred favorite favourite",
            "draft": "hidden unpublished private isdraft wip",
            "note": "notes comment comments remark remarks internal todo memo",
            "id": "guid uuid uid identifier key",
            "enclosure": "enclosures attachment attachments file files download downloads audio podcast media video"
            " document documents",
        }
    ),
    Enclosure: _by_name(
        {
            "url": "href src link uri file path address source download",
            "type": "mime mimetype mediatype contenttype format kind filetype",
            "length": "size bytes filesize sizeinbytes contentlength",
            "title": "name label caption text filename description",
        }
    ),
    Link: _by_name({"title": "name label text caption description", "url": "href link uri address website"}),
    Site: _by_name(
        {
            "title": "name sitename sitetitle headline titel publication",
            "url": "link href baseurl base siteurl home homepage homepageurl website address feedurl root domain",
            "id": "guid uuid uid identifier",
            "description": "tagline subtitle summary about slogan desc",
            "intro": "introduction welcome lead text body content opening",
            "author": "authors publisher organisation organization creator owner by webmaster editor managingeditor",
            "email": "mail contact emailaddress mailaddress authoremail webmasteremail",
            "lang": "language locale languagecode defaultlanguage sprache idioma",
            "timezone": "tz zone timezonename",
            "license": "licence terms termsofuse",
            "icon": "favicon siteicon",
            "logo": "image picture banner",
            "entries-in-feed": "limit entries perpage pagesize paginate itemsinfeed maxentries feedlimit maxitems"
            " feeditems itemsperpage entriesperfeed feedlength",
            "hubs": "hub websub pubsubhubbub websubhub",
            "link": "links related",
        }
    ),
    Digest: _by_name(
        {
            "from": "sender fromaddress fromemail mailfrom",
            "to": "recipient recipients mailinglist listaddress sendto mailto list",
            "reply-to": "reply replies answersto replytoaddress",
            "bounces": "bounce returnpath bounceto bounceaddress envelopefrom envelopesender errorsto",
            "proof-to": "proof proofs proofreader proofreaders test testto preview previewto",
            "subject": "subjectline betreff asunto",
            "intro": "introduction opening greeting welcome text",
            "address": "postaladdress mailingaddress street imprint postal footer",
            "leave-url": "unsubscribe unsubscribeurl unsubscribelink leave optout leavelink optouturl",
            "leave-mailto": "unsubscribemailto unsubscribeemail leavemail leaveemail unsubscribemail leaveaddress",
            "list-id": "listname",
            "send-on": "day sendday schedule weekday dayofmonth senddate when",
            "send-at": "time hour sendtime sendhour at",
            "min-entries": "minimum min minentry minimumentries atleast minitems",
            "catch-up": "backlog catchupdays maxage",
        }
    ),
}
"""The field of each table that a name stands for; names in small letters, without hyphens and underscores."""

TABLES: Mapping[str, str] = _by_name(
    {
        "entry": "entries entrys item items post posts article articles news event events resource resources record"
        " records story stories eintrag content page pages element row",
        "site": "sites channel feed feeds website publication blog config configuration settings general meta metadata"
        " list project info",
        "digest": "digests newsletter newsletters mailing email mail issue letter smtp bulletin",
        "entry.enclosure": "enclosure enclosures attachment attachments file files audio media download downloads",
        "site.link": "link links related",
    }
)
"""The table that a heading stands for, spelt likewise."""

NO_FIELD: Mapping[str, str] = {
    "slug": "an entry's address is its `url`; without one it has its own place on the page",
    "layout": "how things look is decided by the templates",
    "template": "how things look is decided by the templates",
    "theme": "how things look is decided by the templates",
    "weight": "the order is that of the dates, and within one day that of the file",
    "order": "the order is that of the dates, and within one day that of the file",
    "sort": "the order is that of the dates, and within one day that of the file",
    "copyright": "the terms of use stand in `license`",
    "rights": "the terms of use stand in `license`",
    "published": "to keep an entry back write `draft = true`, or a date in the future",
    "publish": "to keep an entry back write `draft = true`, or a date in the future",
    "public": "to keep an entry back write `draft = true`, or a date in the future",
    "visible": "to keep an entry back write `draft = true`, or a date in the future",
    "enabled": "to keep an entry back write `draft = true`, or a date in the future",
    "host": "how mail is sent is said outside this file: HANDBILL_SMTP_HOST in the environment",
    "port": "how mail is sent is said outside this file: HANDBILL_SMTP_PORT in the environment",
    "server": "how mail is sent is said outside this file: HANDBILL_SMTP_HOST in the environment",
    "user": "how mail is sent is said outside this file: HANDBILL_SMTP_USER in the environment",
    "username": "how mail is sent is said outside this file: HANDBILL_SMTP_USER in the environment",
    "smtp": "how mail is sent is said outside this file: HANDBILL_SMTP_HOST in the environment",
    "smtphost": "how mail is sent is said outside this file: HANDBILL_SMTP_HOST in the environment",
    "smtpserver": "how mail is sent is said outside this file: HANDBILL_SMTP_HOST in the environment",
    "smtpport": "how mail is sent is said outside this file: HANDBILL_SMTP_PORT in the environment",
    "smtpuser": "how mail is sent is said outside this file: HANDBILL_SMTP_USER in the environment",
    "smtpusername": "how mail is sent is said outside this file: HANDBILL_SMTP_USER in the environment",
    "subscribers": "subscribers are kept outside this file: `handbill subscribers add`",
    "duration": "say how long it is in the title of the attachment",
}
"""Names that other tools have and this file does not, with what to do instead."""
