//! The list as it is kept on disk, and back: what a later start goes on from.

use super::{LinkProof, Proof, StreamList};
use crate::record::{Created, Position, Revision};
use crate::store::listing::list_source::Source;
use crate::store::listing::listed_stream::{KeptStream, ListedStream};
use aws_lc_rs::digest::{SHA256, SHA256_OUTPUT_LEN, digest};
use prost::Message;
use uuid::Uuid;

/// With the version of the format.
const MAGIC: &[u8] = b"hindsight list 2\n";
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
    /// Of a list of `$all`.
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
    /// Of a list of links.
    #[prost(message, optional, tag = "8")]
    link: Option<KeptLink>,
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

#[derive(Clone, PartialEq, prost::Message)]
struct KeptLink {
    #[prost(uint64, tag = "1")]
    revision: u64,
    #[prost(bytes = "vec", tag = "2")]
    id: Vec<u8>,
    #[prost(int64, tag = "3")]
    created: i64,
}

impl From<LinkProof> for KeptLink {
    fn from(link: LinkProof) -> Self {
        Self { revision: link.revision.0, id: link.id.as_bytes().to_vec(), created: link.created.0 }
    }
}

impl KeptLink {
    fn proof(&self) -> Option<LinkProof> {
        let id = Uuid::from_slice(&self.id).ok()?;
        Some(LinkProof { revision: Revision(self.revision), id, created: Created(self.created) })
    }
}

/// With the sum that `restored` checks.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = digest(&SHA256, &bytes);
    bytes.extend_from_slice(sum.as_ref());
    bytes
}

impl StreamList {
    /// Whether the list can be gone on from: it is whole, and an event or a link proves of which database it is.
    pub fn can_be_kept(&self) -> bool {
        let is_proven = match self.source {
            Some(Source::All) => self.proof().is_some(),
            Some(Source::Links) => self.link.is_some(),
            // Later events of its streams are told by nothing: each would have to be read again.
            Some(Source::Names) | None => false,
        };
        self.caught_up && is_proven && self.streams.due_count() == 0
    }

    /// The newest event of which it is known that the list holds all up to it.
    pub fn proof(&self) -> Option<&Proof> {
        self.proven.iter().chain(&self.last).max_by_key(|proof| proof.position)
    }

    /// `None` where the list cannot be gone on from, or is too large.
    pub fn keep(&self, key: &str) -> Option<Vec<u8>> {
        let source = self.source.filter(|_| self.can_be_kept())?;
        let mut streams: Vec<&ListedStream> = self.streams.iter().collect();
        // In an order in which the window takes them in with the least work.
        streams.sort_unstable_by(|a, b| a.name().cmp(b.name()));
        let header = Header {
            key: key.to_owned(),
            version: self.streams.version(&self.category),
            proof: self.proof().filter(|_| source == Source::All).map(KeptEvent::from),
            first: self.first.as_ref().map(KeptEvent::from),
            last: self.last.as_ref().map(KeptEvent::from),
            seen: self.seen,
            streams: streams.len() as u64,
            link: self.link.filter(|_| source == Source::Links).map(KeptLink::from),
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
        if let Some(link) = header.link {
            list.link = Some(link.proof()?);
            list.source = Some(Source::Links);
            list.streams.must_be_checked();
        } else {
            let proof = header.proof?.proof()?;
            list.position = Some(proof.position);
            list.proven = Some(proof);
            list.source = Some(Source::All);
        }
        list.first = header.first.as_ref().and_then(KeptEvent::proof);
        list.last = header.last.as_ref().and_then(KeptEvent::proof);
        (list.seen, list.kept) = (header.seen, header.seen);
        Some(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::Registry;
    use crate::record::StreamName;
    use crate::store::Life;
    use crate::store::listing::stream_list::StreamRead;

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
        let from = |source| StreamList { source: Some(source), ..list() };
        assert!(StreamList { caught_up: false, ..list() }.keep("ada").is_none());
        assert!(from(Source::Links).keep("ada").is_none());
        assert!(from(Source::Names).keep("ada").is_none());
        assert!(StreamList { last: None, ..list() }.keep("ada").is_none());
        let (revision, id, created) = (Revision(4), Uuid::from_u128(3), Created(2));
        let link = Some(LinkProof { revision, id, created });
        let bytes = StreamList { link, ..from(Source::Links) }.keep("ada").unwrap_or_default();
        let restored = empty().restored("ada", &bytes);
        let source = restored.map(|list| (list.source(), list.link()));
        assert_eq!(source, Some((Some(Source::Links), link)));
    }

    #[test]
    fn a_stream_that_was_read_beyond_the_proof_is_read_again_before_it_is_shown() {
        let proof = LinkProof { revision: Revision(4), id: Uuid::from_u128(3), created: Created(2) };
        let mut list = StreamList { source: Some(Source::Links), link: Some(proof), ..list() };
        for (stream, told) in [("order-told", 3), ("order-ahead", 1)] {
            list.hidden(stream, told, Created(1));
            let newest = Some(Revision(3));
            let read = StreamRead { records: Vec::new(), life: Life::Live, last: newest, metadata: None };
            list.replace(&StreamName::new(stream), &read);
        }
        let restored = |list: &StreamList| empty().restored("ada", &list.keep("ada").unwrap_or_default());
        let mut of_two = restored(&list).unwrap_or_default();
        assert_eq!(of_two.unread(9), [StreamName::new("order-ahead")]);
        assert_eq!(of_two.unchecked(9), [(StreamName::new("order-told"), false)]);
        let shown: Vec<_> = of_two.take_changed(9, Created(9)).into_iter().map(|row| row.stream).collect();
        assert_eq!(shown, [StreamName::new("order-told")]);
        // A link to the last of them came since.
        list.hidden("order-ahead", 3, Created(1));
        list.lock(&StreamName::new("order-ahead"));
        assert!(restored(&list).is_some_and(|list| list.unread(9).is_empty()));
    }
}
