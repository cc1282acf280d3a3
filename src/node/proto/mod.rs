//! Generated from the `.proto` files beside it; `tests/it/node/generated.rs` keeps it so.
#![allow(clippy::all, clippy::pedantic, dead_code, reason = "generated")]

pub mod event_store {
    pub mod client {
        include!("event_store.client.rs");
        pub mod gossip {
            include!("event_store.client.gossip.rs");
        }
        pub mod monitoring {
            include!("event_store.client.monitoring.rs");
        }
        pub mod operations {
            include!("event_store.client.operations.rs");
        }
        pub mod persistent_subscriptions {
            include!("event_store.client.persistent_subscriptions.rs");
        }
        pub mod projections {
            include!("event_store.client.projections.rs");
        }
        pub mod server_features {
            include!("event_store.client.server_features.rs");
        }
        pub mod streams {
            include!("event_store.client.streams.rs");
        }
        pub mod users {
            include!("event_store.client.users.rs");
        }
    }
}
pub mod google {
    pub mod rpc {
        include!("google.rpc.rs");
    }
}

pub use event_store::client::{
    self, gossip, monitoring, operations, persistent_subscriptions, projections, server_features, streams,
    users,
};
pub use google::rpc;
