//! The gRPC services over the log.
#![allow(
    clippy::result_large_err,
    reason = "the error is tonic's own Status, which its traits want as it is"
)]

mod accounts;
mod batch;
mod convert;
mod discovery;
mod operations;
mod persistent;
mod projections;
mod read_all;
mod read_request;
mod read_stream;
mod response_stream;
pub mod status;
mod write;

use super::{
    access::{Action, Caller},
    cluster::Cluster,
    faults::Dice,
    log::{
        Log,
        index::Index,
        transaction::Proposed,
        writer::{Beginning, Command},
    },
    proto::{
        gossip::gossip_server::GossipServer,
        monitoring::monitoring_server::MonitoringServer,
        operations::operations_server::OperationsServer,
        persistent_subscriptions::persistent_subscriptions_server::PersistentSubscriptionsServer,
        projections::projections_server::ProjectionsServer,
        server_features::server_features_server::ServerFeaturesServer,
        streams::{
            self as pb,
            streams_server::{Streams, StreamsServer},
        },
        users::users_server::UsersServer,
    },
    refused::{RefusedCall, Tell},
    scavenges::{Scavenges, Tools},
    system_streams,
    users::Users,
};
use futures::{StreamExt as _, stream};
use read_request::{ReadRequest, Target};
use response_stream::{Answers, Limits, Reader, ResponseStream};
use std::{net::SocketAddr, sync::Arc};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch},
    time::Instant,
};
use tonic::{Code, Request, Response, Status, Streaming, service::Routes};

/// Messages above this are refused, as by the real server.
const MAX_RECEIVED: usize = 16_767_216;

/// Bytes of one append, where nothing else is asked for.
pub const MAX_APPEND: usize = 1_048_576;

/// Bytes of events that all calls together hold before they are written.
pub const HELD: usize = 256 << 20;

/// When the client's own `grpc-timeout` runs out; set on the request by the transport.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(pub Instant);

/// Address by which the client reached this node; set by the transport on a request whose answers name addresses.
#[derive(Debug, Clone)]
pub struct Reached {
    pub host: String,
    pub port: u16,
}

/// What the services share.
#[derive(Clone)]
pub struct Shared {
    pub log: Arc<Log>,
    pub commands: mpsc::Sender<Command>,
    pub stopping: watch::Receiver<bool>,
    /// Asked over gRPC to shut down; heard where the node is served alone.
    pub shutdown: watch::Sender<()>,
    /// The port that this is shared behind.
    pub address: SocketAddr,
    pub cluster: Arc<Cluster>,
    pub started: std::time::Instant,
    /// File of the log and whether TLS is on, as `/info/options` shows.
    pub shown: std::path::PathBuf,
    pub tls: bool,
    pub users: Arc<Users>,
    pub scavenges: Arc<Scavenges>,
    /// Bytes that one append may have.
    pub max_append: usize,
    pub dice: Arc<Dice>,
    pub refused: Option<Tell>,
    /// What a reset over HTTP begins with; none where it is not allowed.
    pub reset: Option<Arc<Beginning>>,
    pub room: Arc<Semaphore>,
}

impl Shared {
    /// Tells of what is refused inside of an answer, whose own status is OK.
    fn tell_refused(&self, method: &str, code: Code, message: &str, stream: Option<&str>) {
        let Some(tell) = self.refused else { return };
        let (method, message) = (format!("Streams/{method}"), message.to_owned());
        tell(&RefusedCall { method, status: code as u32, message, stream: stream.map(str::to_owned) });
    }

    /// What a scavenge needs of it.
    pub fn tools(&self) -> Tools {
        Tools {
            log: self.log.clone(),
            commands: self.commands.clone(),
            stopping: self.stopping.clone(),
            address: self.address,
        }
    }

    /// Adds the place that an event takes until it is written; false where others have taken all there is.
    fn reserve(&self, event: &Proposed, room: &mut Option<OwnedSemaphorePermit>) -> bool {
        let bytes = u32::try_from(convert::size(event) + size_of::<Proposed>()).unwrap_or(u32::MAX);
        let Ok(more) = self.room.clone().try_acquire_many_owned(bytes) else { return false };
        match room {
            Some(room) => room.merge(more),
            None => *room = Some(more),
        }
        true
    }

    fn reached<T>(&self, request: &Request<T>) -> Reached {
        let own = || Reached { host: self.address.ip().to_string(), port: self.address.port() };
        request.extensions().get().cloned().unwrap_or_else(own)
    }

    fn limits<T>(&self, request: &Request<T>) -> Limits {
        let deadline = request.extensions().get::<Deadline>().map(|d| d.0);
        Limits { deadline, stopping: self.stopping.clone() }
    }
}

/// Who sent the request; the transport has looked at its credentials.
fn caller<T>(request: &Request<T>) -> &Caller {
    request.extensions().get().unwrap_or(&Caller::Anonymous)
}

/// Everything under one roof; an unknown path answers UNIMPLEMENTED.
pub fn routes(shared: &Shared) -> Routes {
    let streams = StreamsServer::new(shared.clone())
        .max_decoding_message_size(MAX_RECEIVED)
        .max_encoding_message_size(usize::MAX);
    Routes::new(streams)
        .add_service(ServerFeaturesServer::new(shared.clone()))
        .add_service(GossipServer::new(shared.clone()))
        .add_service(MonitoringServer::new(shared.clone()))
        .add_service(UsersServer::new(shared.clone()))
        .add_service(OperationsServer::new(shared.clone()))
        .add_service(PersistentSubscriptionsServer::new(shared.clone()))
        .add_service(ProjectionsServer::new(shared.clone()))
        .prepare()
}

pub use discovery::{VERSION, serves, stats};

#[tonic::async_trait]
impl Streams for Shared {
    type ReadStream = Answers;
    type BatchAppendStream = batch::Answers;

    async fn read(&self, request: Request<pb::ReadReq>) -> Result<Response<Answers>, Status> {
        let limits = self.limits(&request);
        let caller = caller(&request).clone();
        let plan = ReadRequest::new(request.into_inner())?;
        let stream = if let Target::Stream { name, .. } = &plan.target { name } else { "$all" };
        if !caller.may(Action::Read, stream, &self.log.index()) {
            return Err(status::access_denied());
        }
        // Nobody but an admin learns that a computed stream is not there.
        let unborn =
            |index: &Index| caller.reads_by_birth(stream, index) && !system_streams::born(index, stream);
        if unborn(&self.log.index()) {
            return Err(status::access_denied());
        }
        let reader = Reader { caller, stream: stream.to_owned() };
        let (out, answers) = ResponseStream::new(self.log.clone(), reader, limits, plan.ids);
        let mut answers = answers.fuse();
        tokio::spawn(run(out, plan));
        // A call that is refused has no headers before its status.
        match answers.next().await {
            Some(Err(status)) => Err(status),
            first => Ok(Response::new(Box::pin(stream::iter(first).chain(answers)))),
        }
    }

    async fn append(
        &self,
        request: Request<Streaming<pb::AppendReq>>,
    ) -> Result<Response<pb::AppendResp>, Status> {
        let caller = caller(&request).clone();
        write::append(self, &caller, request.into_inner()).await.map(Response::new)
    }

    async fn batch_append(
        &self,
        request: Request<Streaming<pb::BatchAppendReq>>,
    ) -> Result<Response<batch::Answers>, Status> {
        let (limits, caller) = (self.limits(&request), caller(&request).clone());
        let reached = self.reached(&request);
        Ok(Response::new(batch::start(self.clone(), caller, reached, request.into_inner(), limits)))
    }

    async fn delete(&self, request: Request<pb::DeleteReq>) -> Result<Response<pb::DeleteResp>, Status> {
        let caller = caller(&request).clone();
        write::delete(self, &caller, request.into_inner()).await.map(Response::new)
    }

    async fn tombstone(
        &self,
        request: Request<pb::TombstoneReq>,
    ) -> Result<Response<pb::TombstoneResp>, Status> {
        let caller = caller(&request).clone();
        write::tombstone(self, &caller, request.into_inner()).await.map(Response::new)
    }
}

/// Drives one Read to its end; what there is to say was sent to the client.
async fn run(out: ResponseStream, mut plan: ReadRequest) {
    let nowhere = Target::Stream { name: String::new(), from: read_request::From::Start };
    let subscribes = plan.count.is_none();
    let finish = out.finish();
    let ended = match std::mem::replace(&mut plan.target, nowhere) {
        Target::Stream { name, from } if subscribes => read_stream::subscribe(out, plan, name, from).await,
        Target::Stream { name, from } => read_stream::read(out, plan, name, from).await,
        Target::All { from, filter, interval } if subscribes => {
            read_all::subscribe(out, plan, from, filter, interval).await
        }
        Target::All { from, filter, .. } => read_all::read(out, plan, from, filter).await,
    };
    if ended.is_ok() {
        finish.end().await;
    } else {
        tracing::trace!("a read was ended early");
    }
}
