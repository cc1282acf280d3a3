//! Whether the database that answers now is the one that a list was read from.

use super::list_source::{STREAMS, Source};
use super::stream_list::{LinkProof, Proof, StreamList};
use crate::record::StreamName;
use crate::store::StoreError;
use crate::store::grpc::Session;

/// What an earlier list proves of the database that answers now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListMatch {
    Same,
    /// The list must be read anew; the database may be the same.
    Stale,
    Another,
}

impl Session {
    /// Only an answer that proves another database is taken for one: a failed call is an error.
    pub(in crate::store) async fn knows(&self, list: &StreamList) -> Result<ListMatch, StoreError> {
        match (list.source(), list.last(), list.link()) {
            (Some(Source::All), Some(Proof { position, id, .. }), _) => {
                match self.event_at(Some(position)).await {
                    Ok(Some(record)) if record.position == position && record.id == id => Ok(ListMatch::Same),
                    Ok(Some(record)) if record.position == position => Ok(ListMatch::Another),
                    // Scavenged away, or not there yet at a node that lags, or another log: the first event of all tells.
                    Ok(Some(_) | None) => self.begins_as(list.first()).await,
                    Err(StoreError::InvalidPosition) => Ok(ListMatch::Another),
                    Err(error) => Err(error),
                }
            }
            (Some(source), _, Some(link)) => {
                let category = list.category();
                let stream =
                    if source == Source::Names { STREAMS.to_owned() } else { format!("$ce-{category}") };
                // A projection that was reset writes its links anew.
                let same = self.link_at(&StreamName::new(&stream), link.revision.0).await?;
                let same = same.as_ref().map(LinkProof::of) == Some(link);
                Ok(if same { ListMatch::Same } else { ListMatch::Stale })
            }
            _ => Ok(ListMatch::Same),
        }
    }

    async fn begins_as(&self, first: Option<Proof>) -> Result<ListMatch, StoreError> {
        let now = self.first_event().await?.as_ref().map(Proof::of);
        Ok(match (first, now) {
            (Some(before), Some(now)) if before.position == now.position && before.id != now.id => {
                ListMatch::Another
            }
            (Some(_), None) => ListMatch::Another,
            _ => ListMatch::Same,
        })
    }

    /// Whether the database has this very event.
    pub(super) async fn has(&self, proof: Proof) -> Result<bool, StoreError> {
        match self.event_at(Some(proof.position)).await {
            Ok(found) => Ok(found.is_some_and(|record| Proof::of(&record) == proof)),
            Err(StoreError::InvalidPosition) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
