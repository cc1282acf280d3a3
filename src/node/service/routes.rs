//! All services on one port.

use super::shared::Shared;
use crate::node::proto::{
    gossip::gossip_server::GossipServer, monitoring::monitoring_server::MonitoringServer,
    operations::operations_server::OperationsServer,
    persistent_subscriptions::persistent_subscriptions_server::PersistentSubscriptionsServer,
    projections::projections_server::ProjectionsServer,
    server_features::server_features_server::ServerFeaturesServer, streams::streams_server::StreamsServer,
    users::users_server::UsersServer,
};
use http::{Request, Response};
use tonic::{Status, body::BoxBody, server::NamedService as _, service::Routes};
use tower::ServiceExt as _;

/// Messages above this are refused, as by the real server.
const MAX_RECEIVED: usize = 16_767_216;

/// The services; that of the streams is asked most, and without the router's detours.
#[derive(Clone)]
pub struct Services {
    streams: StreamsServer<Shared>,
    others: Routes,
}

impl Services {
    /// An unknown path answers UNIMPLEMENTED.
    pub async fn call<B>(self, request: Request<B>) -> Response<BoxBody>
    where
        B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
    {
        let path = request.uri().path();
        let service = path.strip_prefix('/').and_then(|path| path.split('/').next());
        if service == Some(StreamsServer::<Shared>::NAME) {
            return self.streams.oneshot(request).await.unwrap_or_else(|never| match never {});
        }
        let called = self.others.oneshot(request.map(tonic::body::boxed)).await;
        called.unwrap_or_else(|error| Status::unknown(error.to_string()).into_http())
    }
}

pub fn services(shared: &Shared) -> Services {
    let streams = StreamsServer::new(shared.clone())
        .max_decoding_message_size(MAX_RECEIVED)
        .max_encoding_message_size(usize::MAX);
    let others = Routes::new(ServerFeaturesServer::new(shared.clone()))
        .add_service(GossipServer::new(shared.clone()))
        .add_service(MonitoringServer::new(shared.clone()))
        .add_service(UsersServer::new(shared.clone()))
        .add_service(OperationsServer::new(shared.clone()))
        .add_service(PersistentSubscriptionsServer::new(shared.clone()))
        .add_service(ProjectionsServer::new(shared.clone()))
        .prepare();
    Services { streams, others }
}
