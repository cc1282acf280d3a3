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
use tonic::service::Routes;

/// Messages above this are refused, as by the real server.
const MAX_RECEIVED: usize = 16_767_216;

/// An unknown path answers UNIMPLEMENTED.
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
