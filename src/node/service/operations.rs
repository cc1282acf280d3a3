//! Operations: what an operator asks of a node, where the sandbox has something to do for it.

use super::{call::only_operators, shared::Shared, status};
use crate::node::proto::{
    client::Empty,
    operations::{
        ScavengeResp, SetNodePriorityReq, StartScavengeReq, StopScavengeReq, operations_server::Operations,
        scavenge_resp::ScavengeResult,
    },
};
use std::time::Duration;
use tonic::{Request, Response, Status};

/// How long a node that resigned has no leader.
const ELECTION: Duration = Duration::from_millis(500);

fn done<T>(request: &Request<T>) -> Result<Response<Empty>, Status> {
    only_operators(request)?;
    Ok(Response::new(Empty {}))
}

fn scavenge(scavenge_id: String, result: ScavengeResult) -> Response<ScavengeResp> {
    Response::new(ScavengeResp { scavenge_id, scavenge_result: result.into() })
}

#[tonic::async_trait]
impl Operations for Shared {
    async fn start_scavenge(
        &self,
        request: Request<StartScavengeReq>,
    ) -> Result<Response<ScavengeResp>, Status> {
        only_operators(&request)?;
        status::required(request.into_inner().options)?;
        let started = self.scavenges.start(self.tools()).await;
        let (id, running) = started.map_err(|error| status::write(&error))?;
        Ok(scavenge(id, if running { ScavengeResult::InProgress } else { ScavengeResult::Started }))
    }

    async fn stop_scavenge(
        &self,
        request: Request<StopScavengeReq>,
    ) -> Result<Response<ScavengeResp>, Status> {
        only_operators(&request)?;
        let options = status::required(request.into_inner().options)?;
        match self.scavenges.stop(&options.scavenge_id) {
            Ok(()) => Ok(scavenge(options.scavenge_id, ScavengeResult::Stopped)),
            Err(running) => Err(status::no_scavenge(running.as_deref())),
        }
    }

    async fn shutdown(&self, request: Request<Empty>) -> Result<Response<Empty>, Status> {
        only_operators(&request)?;
        // Of a node that runs inside another program that program decides.
        self.shutdown
            .send(())
            .map_err(|_| Status::unimplemented("The sandbox is stopped where it was started."))?;
        Ok(Response::new(Empty {}))
    }

    async fn merge_indexes(&self, request: Request<Empty>) -> Result<Response<Empty>, Status> {
        done(&request)
    }

    /// The members elect the same leader again.
    async fn resign_node(&self, request: Request<Empty>) -> Result<Response<Empty>, Status> {
        only_operators(&request)?;
        let cluster = self.cluster.clone();
        cluster.resign(true);
        tokio::spawn(async move {
            tokio::time::sleep(ELECTION).await;
            cluster.resign(false);
        });
        Ok(Response::new(Empty {}))
    }

    async fn set_node_priority(
        &self,
        request: Request<SetNodePriorityReq>,
    ) -> Result<Response<Empty>, Status> {
        done(&request)
    }

    async fn restart_persistent_subscriptions(
        &self,
        request: Request<Empty>,
    ) -> Result<Response<Empty>, Status> {
        done(&request)
    }
}
