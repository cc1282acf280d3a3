//! Persistent subscriptions: the sandbox has none, and answers as a real node without any.

use super::{call::only_known, convert, shared::Shared, status};
use crate::node::proto::{
    client::{Empty, StreamIdentifier},
    persistent_subscriptions::{self as pb, persistent_subscriptions_server::PersistentSubscriptions},
};
use futures::{Stream, stream};
use std::pin::Pin;
use tonic::{Request, Response, Status, Streaming};

/// That there is no such group; `$all` where no stream is named.
fn no_group<T>(stream: Option<&StreamIdentifier>, group: &str) -> Result<T, Status> {
    let stream = convert::name(stream).unwrap_or_else(|| "$all".to_owned());
    Err(status::no_group(&stream, group))
}

#[tonic::async_trait]
impl PersistentSubscriptions for Shared {
    type ReadStream = Pin<Box<dyn Stream<Item = Result<pb::ReadResp, Status>> + Send>>;

    async fn create(&self, request: Request<pb::CreateReq>) -> Result<Response<pb::CreateResp>, Status> {
        only_known(&request)?;
        status::required(request.into_inner().options)?;
        Err(Status::unimplemented("The sandbox has no persistent subscriptions. Use a real server for them."))
    }

    async fn update(&self, request: Request<pb::UpdateReq>) -> Result<Response<pb::UpdateResp>, Status> {
        use pb::update_req::options::StreamOption as S;
        only_known(&request)?;
        let options = status::required(request.into_inner().options)?;
        let stream = match options.stream_option {
            Some(S::Stream(stream)) => stream.stream_identifier,
            Some(S::All(_)) => None,
            None => options.stream_identifier,
        };
        no_group(stream.as_ref(), &options.group_name)
    }

    async fn delete(&self, request: Request<pb::DeleteReq>) -> Result<Response<pb::DeleteResp>, Status> {
        use pb::delete_req::options::StreamOption as S;
        only_known(&request)?;
        let options = status::required(request.into_inner().options)?;
        let Some(S::StreamIdentifier(stream)) = options.stream_option else {
            return no_group(None, &options.group_name);
        };
        no_group(Some(&stream), &options.group_name)
    }

    async fn read(
        &self,
        request: Request<Streaming<pb::ReadReq>>,
    ) -> Result<Response<Self::ReadStream>, Status> {
        use pb::read_req::{Content, options::StreamOption as S};
        let known = only_known(&request);
        let Some(first) = request.into_inner().message().await.map_err(status::received)? else {
            return Ok(Response::new(Box::pin(stream::empty())));
        };
        let Some(Content::Options(options)) = first.content else {
            return Err(status::handler_exception("the first message must be the options"));
        };
        known?;
        let Some(S::StreamIdentifier(stream)) = options.stream_option else {
            return no_group(None, &options.group_name);
        };
        no_group(Some(&stream), &options.group_name)
    }

    async fn get_info(&self, request: Request<pb::GetInfoReq>) -> Result<Response<pb::GetInfoResp>, Status> {
        use pb::get_info_req::options::StreamOption as S;
        only_known(&request)?;
        let options = status::required(request.into_inner().options)?;
        let Some(S::StreamIdentifier(stream)) = options.stream_option else {
            return no_group(None, &options.group_name);
        };
        no_group(Some(&stream), &options.group_name)
    }

    async fn replay_parked(
        &self,
        request: Request<pb::ReplayParkedReq>,
    ) -> Result<Response<pb::ReplayParkedResp>, Status> {
        use pb::replay_parked_req::options::StreamOption as S;
        only_known(&request)?;
        let options = status::required(request.into_inner().options)?;
        let Some(S::StreamIdentifier(stream)) = options.stream_option else {
            return no_group(None, &options.group_name);
        };
        no_group(Some(&stream), &options.group_name)
    }

    async fn list(&self, request: Request<pb::ListReq>) -> Result<Response<pb::ListResp>, Status> {
        use pb::list_req::{options::ListOption as L, stream_option::StreamOption as S};
        only_known(&request)?;
        let wanted = status::required(request.into_inner().options)?.list_option;
        match wanted.ok_or_else(|| status::handler_exception("what to list is missing"))? {
            L::ListAllSubscriptions(_) => Ok(Response::new(pb::ListResp {})),
            L::ListForStream(of) => {
                let Some(S::Stream(stream)) = of.stream_option else { return no_group(None, "") };
                no_group(Some(&stream), "")
            }
        }
    }

    async fn restart_subsystem(&self, request: Request<Empty>) -> Result<Response<Empty>, Status> {
        only_known(&request)?;
        Ok(Response::new(Empty {}))
    }
}
