"""What the API keeps: answers as bytes, and the order of lists as the keys of their records."""

from django.conf import settings

from cbmportal.memory import Memory

#: Of the order of lists: two million records.
ORDER_BYTES = 16_000_000

ANSWERS = Memory(settings.API_CACHE_BYTES)
ORDERS = Memory(ORDER_BYTES)
