"""How each kind of value is checked, one module for each family."""

from collections.abc import Mapping
from types import MappingProxyType

from handbill.model import Kind
from handbill.read.checking import Check
from handbill.read.values import addresses, dates, languages, lists, mails, media, plain, schedule, texts, zones

CHECKS: Mapping[Kind, Check] = MappingProxyType(
    {
        Kind.TEXT: texts.text,
        Kind.MARKDOWN: texts.markdown,
        Kind.ADDRESS: addresses.address,
        Kind.LEAVE_MAILTO: mails.leave_mailto,
        Kind.MAIL: mails.mail,
        Kind.SENDER: mails.sender,
        Kind.LANGUAGE: languages.language,
        Kind.ZONE: zones.zone,
        Kind.DATE: dates.day,
        Kind.WHEN: dates.when,
        Kind.PARTIAL_DATE: dates.partial_date,
        Kind.WHOLE: plain.whole,
        Kind.FLAG: plain.flag,
        Kind.TEXTS: lists.texts,
        Kind.ADDRESSES: lists.addresses,
        Kind.MAILS: lists.mails,
        Kind.MEDIA_TYPE: media.media_type,
        Kind.SUBJECT: texts.subject,
        Kind.LIST_ID: mails.list_id,
        Kind.DAY: schedule.day,
        Kind.CLOCK: schedule.clock,
    }
)
"""The check of every kind of value, tables apart."""
