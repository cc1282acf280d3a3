// What the Node.js clients can do, against the node at the address given: tour.mjs PACKAGE URL [AUTHORITY.pem].
import assert from "node:assert/strict";

const [, , packageName, address, authority] = process.argv;
const url = authority ? `${address}&tlsCaFile=${authority}` : address;
const kit = await import(packageName);
const Client = kit.KurrentDBClient ?? kit.EventStoreDBClient;
const { jsonEvent, ANY, NO_STREAM, FORWARDS, BACKWARDS, START, END } = kit;
const client = Client.connectionString(url);
const name = `tour-${packageName.replace(/\W/g, "")}`;

const event = (n) => jsonEvent({ type: n % 2 ? "Toured" : "Visited", data: { n } });
// The packages name what a write expects differently.
const expecting = (state) => ({ expectedRevision: state, streamState: state });
const collect = async (events) => {
  const all = [];
  for await (const { event } of events) all.push(event);
  return all;
};
const numbers = async (events) => (await collect(events)).map((event) => Number(event.revision));
const range = (from, to) => Array.from({ length: to - from }, (_, n) => from + n);
const read = (options) => client.readStream(name, options);

// Append one and many, read both ways.
await assert.rejects(collect(read()), kit.StreamNotFoundError);
const first = event(0);
await client.appendToStream(name, first, expecting(NO_STREAM));
await client.appendToStream(name, range(1, 100).map(event), expecting(0n));
assert.deepEqual(await numbers(read({ direction: FORWARDS, fromRevision: START })), range(0, 100));
assert.deepEqual(await numbers(read({ direction: BACKWARDS, fromRevision: END, maxCount: 3 })), [99, 98, 97]);
assert.deepEqual(await numbers(read({ fromRevision: 40n, maxCount: 2 })), [40, 41]);
const [kept] = await collect(read({ maxCount: 1 }));
assert.deepEqual(kept.data, { n: 0 });
assert.equal(kept.id, first.id);

// A conflict; a repeat is none.
await assert.rejects(client.appendToStream(name, event(0), expecting(5n)), kit.WrongExpectedVersionError);
await client.appendToStream(name, first, expecting(NO_STREAM));
assert.equal((await numbers(read())).length, 100);

// $all, filtered while subscribed; then live.
const filter = kit.streamNameFilter({ prefixes: [name] });
const all = client.subscribeToAll({ fromPosition: START, filter });
const seen = [];
for await (const { event: each } of all) {
  seen.push(Number(each.revision));
  if (seen.length === 100) await client.appendToStream(name, event(100), expecting(99n));
  if (seen.length === 101) break;
}
assert.deepEqual(seen, range(0, 101));
const backwards = await collect(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }));
assert.equal(backwards.length, 1);
const live = client.subscribeToStream(name, { fromRevision: 98n });
const followed = [];
for await (const { event: each } of live) {
  followed.push(Number(each.revision));
  if (followed.length === 2) break;
}
assert.deepEqual(followed, [99, 100]);

// Metadata truncates.
assert.equal((await client.getStreamMetadata(name)).metadata, undefined);
await client.setStreamMetadata(name, { maxCount: 5, colour: "blue" });
const { metadata } = await client.getStreamMetadata(name);
assert.equal(metadata.maxCount, 5);
assert.equal(metadata.colour, "blue");
assert.deepEqual(await numbers(read()), range(96, 101));

// Delete, recreate, tombstone.
await client.deleteStream(name, { expectedRevision: 100n });
await assert.rejects(collect(read()), kit.StreamNotFoundError);
await client.appendToStream(name, event(0), expecting(NO_STREAM));
assert.deepEqual(await numbers(read()), [101]);
await client.tombstoneStream(name, { expectedRevision: ANY });
await assert.rejects(collect(read()), kit.StreamDeletedError);
await assert.rejects(client.appendToStream(name, event(0), expecting(ANY)), kit.StreamDeletedError);

await client.dispose();
console.log("toured");
