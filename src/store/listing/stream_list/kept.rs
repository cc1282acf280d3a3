//! The list as it is kept on disk, and back: what a later start goes on from.

use super::{Proof, StreamList};
use crate::record::{Created, Position};
use crate::store::listing::list_source::Source;
use crate::store::listing::listed_stream::{KeptStream, ListedStream};
use aws_lc_rs::digest::{SHA256, SHA256_OUTPUT_LEN, digest};
use prost::Message;
use uuid::Uuid;

/// With the version of the format.
const MAGIC: &[u8] = b"hindsight list 1\n";
/// A larger list is read anew at each start.
const MAX_BYTES: usize = 256 << 20;

#[derive(Clone, PartialEq, prost::Message)]
struct Header {
    /// Whose list it is.
    #[prost(string, tag = "1")]
    key: String,
    /// Of the folds.
    #[prost(string, tag = "2")]
    version: String,
    #[prost(message, optional, tag = "3")]
    proof: Option<KeptEvent>,
    #[prost(message, optional, tag = "4")]
    first: Option<KeptEvent>,
    #[prost(message, optional, tag = "5")]
    last: Option<KeptEvent>,
    #[prost(uint64, tag = "6")]
    seen: u64,
    #[prost(uint64, tag = "7")]
    streams: u64,
}

#[derive(Clone, PartialEq, prost::Message)]
struct KeptEvent {
    #[prost(uint64, tag = "1")]
    commit: u64,
    #[prost(uint64, tag = "2")]
    prepare: u64,
    #[prost(bytes = "vec", tag = "3")]
    id: Vec<u8>,
    #[prost(int64, tag = "4")]
    created: i64,
}

impl From<&Proof> for KeptEvent {
    fn from(proof: &Proof) -> Self {
        Self {
            commit: proof.position.commit,
            prepare: proof.position.prepare,
            id: proof.id.as_bytes().to_vec(),
            created: proof.created.0,
        }
    }
}

impl KeptEvent {
    fn proof(&self) -> Option<Proof> {
        let position = Position { commit: self.commit, prepare: self.prepare };
        Some(Proof { position, id: Uuid::from_slice(&self.id).ok()?, created: Created(self.created) })
    }
}

/// With the sum that `restored` checks.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = digest(&SHA256, &bytes);
    bytes.extend_from_slice(sum.as_ref());
    bytes
}

impl StreamList {
    /// Whether the list can be gone on from: it is whole, and an event proves of which database it is.
    pub fn can_be_kept(&self) -> bool {
        self.caught_up
            && self.source == Some(Source::All)
            && self.streams.unread_count() == 0
            && self.proof().is_some()
    }

    /// The newest event of which it is known that the list holds all up to it.
    pub fn proof(&self) -> Option<&Proof> {
        self.proven.iter().chain(&self.last).max_by_key(|proof| proof.position)
    }

    /// `None` where the list cannot be gone on from, or is too large.
    pub fn keep(&self, key: &str) -> Option<Vec<u8>> {
        let proof = self.proof().filter(|_| self.can_be_kept())?;
        let mut streams: Vec<&ListedStream> = self.streams.iter().collect();
        // In an order in which the window takes them in with the least work.
        streams.sort_unstable_by(|a, b| a.name().cmp(b.name()));
        let header = Header {
            key: key.to_owned(),
            version: self.streams.version(&self.category),
            proof: Some(proof.into()),
            first: self.first.as_ref().map(KeptEvent::from),
            last: self.last.as_ref().map(KeptEvent::from),
            seen: self.seen,
            streams: streams.len() as u64,
        };
        let mut bytes = MAGIC.to_vec();
        header.encode_length_delimited(&mut bytes).ok()?;
        for stream in streams {
            stream.kept()?.encode_length_delimited(&mut bytes).ok()?;
            if bytes.len() > MAX_BYTES {
                tracing::info!("the list is too large to be kept");
                return None;
            }
        }
        Some(sealed(bytes))
    }

    /// The list that was kept, by one that is empty; `None` where the bytes are damaged, or of another list or fold.
    pub fn restored(&self, key: &str, bytes: &[u8]) -> Option<Self> {
        let (bytes, sum) = bytes.split_at_checked(bytes.len().checked_sub(SHA256_OUTPUT_LEN)?)?;
        let mut rest = bytes.strip_prefix(MAGIC)?;
        if digest(&SHA256, bytes).as_ref() != sum {
            return None;
        }
        let header = Header::decode_length_delimited(&mut rest).ok()?;
        let mut list = self.begun_again();
        if header.key != key || header.version != list.streams.version(&list.category) {
            return None;
        }
        for _ in 0..header.streams {
            let kept = KeptStream::decode_length_delimited(&mut rest).ok()?;
            list.streams.restore(kept)?;
        }
        let proof = header.proof?.proof()?;
        list.position = Some(proof.position);
        list.proven = Some(proof);
        list.first = header.first.as_ref().and_then(KeptEvent::proof);
        list.last = header.last.as_ref().and_then(KeptEvent::proof);
        (list.seen, list.kept) = (header.seen, header.seen);
        list.source = Some(Source::All);
        Some(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::Registry;

    fn empty() -> StreamList {
        StreamList::new("order", Registry::default())
    }

    fn list() -> StreamList {
        let position = Position { commit: 7, prepare: 7 };
        let last = Some(Proof { position, id: Uuid::from_u128(9), created: Created(5) });
        StreamList { caught_up: true, source: Some(Source::All), last, ..empty() }
    }

    /// The same list, with another header.
    fn changed(bytes: &[u8], change: impl FnOnce(&mut Header)) -> Vec<u8> {
        let mut rest = &bytes[MAGIC.len()..bytes.len() - SHA256_OUTPUT_LEN];
        let mut header = Header::decode_length_delimited(&mut rest).unwrap_or_default();
        change(&mut header);
        sealed([MAGIC, &header.encode_length_delimited_to_vec(), rest].concat())
    }

    #[test]
    fn a_list_is_gone_on_from_only_where_it_is_of_the_same_fold_and_owner() {
        let bytes = list().keep("ada").unwrap_or_default();
        let restored = |bytes: &[u8], key| empty().restored(key, bytes);
        let position = restored(&bytes, "ada").and_then(|list| list.position());
        assert_eq!(position, Some(Position { commit: 7, prepare: 7 }));
        assert!(restored(&bytes, "bob").is_none());
        assert!(restored(&changed(&bytes, |_| ()), "ada").is_some());
        assert!(restored(&changed(&bytes, |header| header.version.push('2')), "ada").is_none());
        assert!(restored(&changed(&bytes, |header| header.streams = 1), "ada").is_none());
        assert!(restored(&changed(&bytes, |header| header.proof = None), "ada").is_none());
    }

    #[test]
    fn a_list_that_is_not_whole_is_not_kept() {
        assert!(StreamList { caught_up: false, ..list() }.keep("ada").is_none());
        assert!(StreamList { source: Some(Source::Links), ..list() }.keep("ada").is_none());
        assert!(StreamList { last: None, ..list() }.keep("ada").is_none());
    }
}
