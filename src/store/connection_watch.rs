//! Whether the database answers, who leads its cluster, and what it says of itself and of the user while the connection holds.

use super::cluster::{Cluster, ClusterNode, NodePreference, NodeState};
use super::grpc::{GOSSIP_DEADLINE, Session};
use super::retry::ASK_AGAIN;
use super::update_sender::UpdateSender;
use super::writing::Writer;
use super::{Connection, StoreError, Update};
use std::pin::pin;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How often the server is asked for a sign of life, and how long it may take.
const PING: Duration = Duration::from_secs(2);
const PING_DEADLINE: Duration = Duration::from_secs(5);
/// An answer that takes longer is shown to be late, which nothing else would wake the window for.
const LATE: Duration = Duration::from_millis(1_500);
/// How often the nodes are asked: while all is well, and while a node does not answer or none leads.
const CALM: Duration = Duration::from_secs(2);
const WORRIED: Duration = Duration::from_millis(250);

/// Asks the server for signs of life, and now and then what it says of itself and of the user.
pub async fn watch(
    writer: Writer,
    mut online: Connection,
    out: UpdateSender,
    mut retry: watch::Receiver<u64>,
) -> StoreError {
    let mut asked = Instant::now();
    let mut shown = None;
    loop {
        let started = Instant::now();
        let mut call = pin!(tokio::time::timeout(PING_DEADLINE, writer.session().head()));
        let answer = tokio::select! {
            answer = &mut call => answer,
            () = tokio::time::sleep(LATE) => {
                out.wake();
                call.await
            }
        };
        if let Ok(Ok(head)) = answer {
            let pulse = Update::Pulse { at: Instant::now(), latency: started.elapsed(), head };
            if shown.replace(head) == Some(head) {
                out.send_quietly(pulse).await;
            } else {
                out.send(pulse).await;
            }
        }
        let asks_now = tokio::select! {
            () = tokio::time::sleep(PING) => asked.elapsed() >= ASK_AGAIN,
            changed = retry.changed() => {
                if changed.is_err() {
                    return std::future::pending().await;
                }
                true
            }
        };
        if asks_now {
            asked = Instant::now();
            let now = online_as(&writer).await;
            if now != online {
                online = now;
                out.send(Update::Connection(online.clone())).await;
            }
        }
    }
}

/// The connection with what the database says now.
pub async fn online_as(writer: &Writer) -> Connection {
    let session = writer.session();
    Connection::Online {
        address: session.address().to_string(),
        server: session.server().to_string(),
        declaration: writer.declaration().await,
        refused: session.refused_login().await,
    }
}

/// Makes sure that somebody answers; a node that hangs is left as soon as another one is better.
pub async fn reach(session: &Session) -> Result<(), StoreError> {
    let number = session.number();
    tokio::select! {
        reached = session.reach() => reached,
        () = session.until(WORRIED, |cluster| is_bettered(session, cluster)) => {
            session.renew(number).await?;
            session.reach().await
        }
    }
}

/// Asks all nodes of the cluster, and turns to another one where that is better; ends when another one is read.
pub async fn watch_cluster(session: Session, out: UpdateSender) -> StoreError {
    let number = session.number();
    loop {
        let next = match look(&session, number).await {
            Look::Replaced => return StoreError::NodeLeft,
            Look::Cluster(cluster) => {
                let next = next_look(&cluster);
                out.send(Update::Cluster(cluster)).await;
                next
            }
            Look::Nothing => CALM,
            Look::Moved => WORRIED,
        };
        if session.unless_replaced(number, pause(&session, next)).await.is_none() {
            return StoreError::NodeLeft;
        }
    }
}

/// Keeps a session at the best node for ever, as where nobody looks at the cluster.
pub async fn keep_at_best(session: Session) {
    loop {
        let next = match look(&session, session.number()).await {
            Look::Cluster(cluster) => next_look(&cluster),
            Look::Nothing | Look::Replaced => CALM,
            Look::Moved => WORRIED,
        };
        pause(&session, next).await;
    }
}

/// In how long the nodes are asked again: soon, unless one leads and all answer.
fn next_look(cluster: &Cluster) -> Duration {
    let is_calm = cluster.leader().is_some() && cluster.nodes.iter().all(ClusterNode::answers);
    if is_calm { CALM } else { WORRIED }
}

/// Waits for the next look: until it is due, or a call takes long.
async fn pause(session: &Session, longest: Duration) {
    if longest == WORRIED {
        return tokio::time::sleep(longest).await;
    }
    tokio::select! {
        () = tokio::time::sleep(longest) => {}
        () = session.doubted() => {}
    }
}

/// What one look at the cluster led to.
enum Look {
    /// Nobody tells of a cluster; the connection itself says when it is lost.
    Nothing,
    /// Another leader takes the writes; not all nodes were waited for.
    Moved,
    Cluster(Cluster),
    /// Another client is used by now.
    Replaced,
}

async fn look(session: &Session, number: u64) -> Look {
    let enough = |cluster: &Cluster| {
        is_bettered(session, cluster)
            || cluster.leader().is_some_and(|leader| session.writes_elsewhere(&leader.address))
    };
    let asking = session.cluster(GOSSIP_DEADLINE, enough);
    let Some(cluster) = session.unless_replaced(number, asking).await else { return Look::Replaced };
    let Some(cluster) = cluster else { return Look::Nothing };
    if let Some(leader) = cluster.leader().filter(|leader| session.writes_elsewhere(&leader.address)) {
        session.renew_leader(&leader.address).await;
        return Look::Moved;
    }
    if is_bettered(session, &cluster) && session.renew(number).await.is_ok() {
        return Look::Replaced;
    }
    Look::Cluster(cluster)
}

/// Whether another node should be read than the one that is.
fn is_bettered(session: &Session, cluster: &Cluster) -> bool {
    // Where no node tells of a cluster the client has chosen by itself.
    let Some(state) = session.node_state() else { return false };
    let address = session.address();
    let preference = session.node_preference();
    match preference {
        NodePreference::Leader => {
            let differs = |leader: &ClusterNode| leader.address != address || state != NodeState::Leader;
            cluster.leader().is_some_and(differs)
        }
        // One node is named, and it is the one that is meant.
        _ if !session.names_a_cluster() => false,
        NodePreference::Follower | NodePreference::ReadOnlyReplica | NodePreference::Random => {
            if cluster.may_yet_answer(&address) {
                return false;
            }
            let current = cluster.node(&address).filter(|node| node.answers());
            let rank = current.and_then(|node| preference.rank(node.state));
            let best = cluster.best(preference, Some(&address), |_| 0);
            let best = best.and_then(|best| preference.rank(best.state));
            best.is_some_and(|best| rank.is_none_or(|rank| best < rank))
        }
    }
}
