"""What the Python clients can do, against the node at the address given: tour.py MODULE URL [AUTHORITY.pem]."""

import importlib
import sys
from itertools import islice

module = importlib.import_module(sys.argv[1])
errors = importlib.import_module(sys.argv[1] + ".exceptions")
Client = getattr(module, "KurrentDBClient", None) or module.EventStoreDBClient
NO_STREAM = module.StreamState.NO_STREAM
ANY = module.StreamState.ANY
authority = open(sys.argv[3]).read() if sys.argv[3:] and sys.argv[3] else None
client = Client(uri=sys.argv[2], root_certificates=authority)


def error(name):
    """The newer package has added a suffix."""
    return getattr(errors, name + "Error", None) or getattr(errors, name)


NotFound, WrongCurrentVersion, StreamIsDeleted = map(error, ["NotFound", "WrongCurrentVersion", "StreamIsDeleted"])


def event(n):
    return module.NewEvent(type="Toured" if n % 2 else "Visited", data=b'{"n":%d}' % n)


def numbers(events):
    return [event.stream_position for event in events]


def raises(kind, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except kind:
        return
    raise AssertionError(f"{call.__name__} did not raise {kind.__name__}")


name = f"tour-{sys.argv[1]}"

# Append one and many, read both ways.
raises(NotFound, client.get_stream, name)
first = event(0)
client.append_to_stream(name, current_version=NO_STREAM, events=[first])
client.append_to_stream(name, current_version=0, events=[event(n) for n in range(1, 100)])
assert numbers(client.get_stream(name)) == list(range(100))
assert numbers(client.get_stream(name, backwards=True, limit=3)) == [99, 98, 97]
assert numbers(client.get_stream(name, stream_position=40, limit=2)) == [40, 41]
assert client.get_stream(name)[0].data == b'{"n":0}'
assert client.get_stream(name)[0].id == first.id

# A conflict; a repeat is none.
raises(WrongCurrentVersion, client.append_to_stream, name, current_version=5, events=[event(0)])
client.append_to_stream(name, current_version=NO_STREAM, events=[first])
assert len(client.get_stream(name)) == 100

# $all, filtered.
mine = list(client.read_all(filter_include=[name], filter_by_stream_name=True))
assert numbers(mine) == list(range(100))
visited = list(client.read_all(filter_include=["Visited"]))
assert {event.type for event in visited} == {"Visited"} and len(visited) >= 50
last = next(iter(client.read_all(backwards=True, filter_include=[name], filter_by_stream_name=True)))
assert last.stream_position == 99

# Subscribe: what is there, then live.
with client.subscribe_to_stream(name) as subscription:
    assert numbers(islice(subscription, 100)) == list(range(100))
    client.append_to_stream(name, current_version=99, events=[event(100)])
    assert next(iter(subscription)).stream_position == 100
with client.subscribe_to_all(filter_include=[name], filter_by_stream_name=True) as subscription:
    assert numbers(islice(subscription, 101)) == list(range(101))

# Metadata truncates.
metadata, version = client.get_stream_metadata(name)
assert metadata == {} and version == NO_STREAM
client.set_stream_metadata(name, metadata={"$maxCount": 5, "colour": "blue"}, current_version=version)
metadata, version = client.get_stream_metadata(name)
assert metadata == {"$maxCount": 5, "colour": "blue"} and version == 0
assert numbers(client.get_stream(name)) == [96, 97, 98, 99, 100]

# Delete, recreate, tombstone.
client.delete_stream(name, current_version=100)
raises(NotFound, client.get_stream, name)
client.append_to_stream(name, current_version=NO_STREAM, events=[event(0)])
assert numbers(client.get_stream(name)) == [101]
client.tombstone_stream(name, current_version=ANY)
raises(StreamIsDeleted, client.get_stream, name)
raises(StreamIsDeleted, client.append_to_stream, name, current_version=ANY, events=[event(0)])

client.close()
print("toured")
