//! Streams: reads, subscriptions and writes.

use super::{
    batch,
    call::{Limits, Reached, caller},
    read_all,
    read_request::{self, ReadRequest, Target},
    read_stream,
    response_stream::{Answers, Reader, ResponseStream},
    shared::Shared,
    status, write,
};
use crate::node::{
    access::Action,
    proto::streams::{self as pb, streams_server::Streams},
    read::system_streams,
};
use futures::{StreamExt as _, stream};
use tonic::{Request, Response, Status, Streaming};

#[tonic::async_trait]
impl Streams for Shared {
    type ReadStream = Answers;
    type BatchAppendStream = batch::Answers;

    async fn read(&self, request: Request<pb::ReadReq>) -> Result<Response<Answers>, Status> {
        let limits = Limits::of(&request, &self.stopping);
        let caller = caller(&request).clone();
        let plan = ReadRequest::new(request.into_inner())?;
        let stream = if let Target::Stream { name, .. } = &plan.target { name } else { "$all" };
        if !caller.may(Action::Read, stream, &self.log.index()) {
            return Err(status::access_denied());
        }
        // Nobody but an admin learns that a computed stream is not there.
        let by_birth = caller.reads_by_birth(stream, &self.log.index());
        let name = stream.to_owned();
        if by_birth && !self.read_blocking(move |node| system_streams::born(&node.log, &name)).await? {
            return Err(status::access_denied());
        }
        if let Some(page) = read_stream::remembered(&self.log, &plan) {
            let answers = page.into_iter().map(|content| Ok(pb::ReadResp { content: Some(content) }));
            return Ok(Response::new(Box::pin(stream::iter(answers))));
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
        let (limits, caller) = (Limits::of(&request, &self.stopping), caller(&request).clone());
        let reached = Reached::of(&request, self.address);
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
    let ended = match std::mem::replace(&mut plan.target, nowhere) {
        Target::Stream { name, from } if subscribes => read_stream::subscribe(out, plan, name, from).await,
        Target::Stream { name, from } => read_stream::read(out, plan, name, from).await,
        Target::All { from, filter, interval } if subscribes => {
            read_all::subscribe(out, plan, from, filter, interval).await
        }
        Target::All { from, filter, .. } => read_all::read(out, plan, from, filter).await,
    };
    if ended.is_err() {
        tracing::trace!("a read was ended early");
    }
}
