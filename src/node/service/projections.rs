//! Projections: the state of the standard ones. There are no others.

use super::{
    call::{only_known, only_operators},
    shared::Shared,
    status,
};
use crate::node::{
    log::{
        commands::Work,
        linked::LinkedIndex,
        outside,
        projections::{Change, Projection, Separator},
        write,
    },
    proto::{
        client::Empty,
        projections::{
            self as pb, create_req::options::Mode as Created, projections_server::Projections,
            statistics_req::options::Mode, statistics_resp::Details, value::Struct,
        },
    },
};
use futures::{Stream, stream};
use std::pin::Pin;
use tonic::{Request, Response, Status};

fn named(name: &str) -> Result<Projection, Status> {
    Projection::named(name).ok_or_else(|| status::no_projection(name))
}

/// The state and result of a standard projection.
fn nothing() -> pb::Value {
    pb::Value { struct_value: Some(Struct {}) }
}

impl Shared {
    async fn project(&self, name: &str, change: Change) -> Result<(), Status> {
        let work = Work::Project(named(name)?, change);
        write(&self.commands, work).await.map(drop).map_err(|e| status::write(&e))
    }
}

#[allow(clippy::cast_precision_loss, reason = "a percentage, as it is sent")]
fn details(linked: &LinkedIndex, projection: Projection) -> Details {
    let (phase, head) = (linked.index.phases.now(projection), linked.index.head());
    let seen = phase.source_at(head + 1) - 1;
    let at = if phase.running { linked.last_place(head) } else { outside(seen) };
    let status = match (phase.running, phase.aborted) {
        (true, _) => "Running",
        (false, true) => "Aborted/Stopped",
        (false, false) => "Stopped",
    };
    let position = if seen == 0 { "C:0/P:-1".to_owned() } else { format!("C:{at}/P:{at}") };
    Details {
        version: i64::from(phase.resets) + 1,
        epoch: i64::from(phase.resets) - 1,
        effective_name: projection.name().into(),
        partitions_cached: 1,
        status: status.into(),
        name: projection.name().into(),
        mode: "Continuous".into(),
        last_checkpoint: position.clone(),
        position,
        progress: if seen == 0 { -1.0 } else { seen as f32 * 100.0 / head as f32 },
        events_processed_after_restart: i64::try_from(seen).unwrap_or(i64::MAX),
    }
}

#[tonic::async_trait]
impl Projections for Shared {
    type StatisticsStream = Pin<Box<dyn Stream<Item = Result<pb::StatisticsResp, Status>> + Send>>;

    async fn create(&self, request: Request<pb::CreateReq>) -> Result<Response<pb::CreateResp>, Status> {
        only_known(&request)?;
        let name = match status::required(request.into_inner().options)?.mode {
            None => return Err(status::handler_exception("the mode is missing")),
            Some(Created::OneTime(_)) => None,
            Some(Created::Transient(transient)) => Some(transient.name),
            Some(Created::Continuous(continuous)) => Some(continuous.name),
        };
        Err(match name {
            Some(name) if name.is_empty() => status::projection_refused("OperationFailed"),
            Some(name) if Projection::named(&name).is_some() => status::projection_refused("Conflict"),
            _ => Status::unimplemented(
                "The sandbox has no projections but the standard ones. Use a real server for your own.",
            ),
        })
    }

    async fn update(&self, request: Request<pb::UpdateReq>) -> Result<Response<pb::UpdateResp>, Status> {
        only_known(&request)?;
        let options = status::required(request.into_inner().options)?;
        let projection = named(&options.name)?;
        let separator = Separator::parse(&options.query).filter(|_| projection.separates());
        let separator = separator.ok_or_else(|| {
            let what = "The sandbox changes nothing of a projection but the separator of categories";
            let how = "`first` or `last`, a line end and one character as the query of $by_category or $stream_by_category";
            Status::unimplemented(format!("{what}: {how}."))
        })?;
        self.project(&options.name, Change::Separate(separator)).await?;
        Ok(Response::new(pb::UpdateResp {}))
    }

    async fn delete(&self, request: Request<pb::DeleteReq>) -> Result<Response<pb::DeleteResp>, Status> {
        only_operators(&request)?;
        named(&status::required(request.into_inner().options)?.name)?;
        Err(status::projection_refused("OperationFailed"))
    }

    async fn statistics(
        &self,
        request: Request<pb::StatisticsReq>,
    ) -> Result<Response<Self::StatisticsStream>, Status> {
        only_known(&request)?;
        let wanted = match status::required(request.into_inner().options)?.mode {
            Some(Mode::Transient(_) | Mode::OneTime(_)) => Vec::new(),
            Some(Mode::Name(name)) if !name.is_empty() => vec![named(&name)?],
            _ => Projection::ALL.to_vec(),
        };
        let read = move |node: &Shared| {
            let linked = node.log.linked()?;
            Ok(wanted.into_iter().map(|projection| details(&linked, projection)).collect::<Vec<_>>())
        };
        let told = self.read_blocking(read).await?.into_iter();
        let told = told.map(|details| Ok(pb::StatisticsResp { details: Some(details) }));
        Ok(Response::new(Box::pin(stream::iter(told))))
    }

    async fn disable(&self, request: Request<pb::DisableReq>) -> Result<Response<pb::DisableResp>, Status> {
        only_known(&request)?;
        let options = status::required(request.into_inner().options)?;
        self.project(&options.name, Change::Disable { abort: !options.write_checkpoint }).await?;
        Ok(Response::new(pb::DisableResp {}))
    }

    async fn enable(&self, request: Request<pb::EnableReq>) -> Result<Response<pb::EnableResp>, Status> {
        only_known(&request)?;
        self.project(&status::required(request.into_inner().options)?.name, Change::Enable).await?;
        Ok(Response::new(pb::EnableResp {}))
    }

    async fn reset(&self, request: Request<pb::ResetReq>) -> Result<Response<pb::ResetResp>, Status> {
        only_known(&request)?;
        self.project(&status::required(request.into_inner().options)?.name, Change::Reset).await?;
        Ok(Response::new(pb::ResetResp {}))
    }

    async fn state(&self, request: Request<pb::StateReq>) -> Result<Response<pb::StateResp>, Status> {
        only_known(&request)?;
        named(&status::required(request.into_inner().options)?.name)?;
        Ok(Response::new(pb::StateResp { state: Some(nothing()) }))
    }

    async fn result(&self, request: Request<pb::ResultReq>) -> Result<Response<pb::ResultResp>, Status> {
        only_known(&request)?;
        named(&status::required(request.into_inner().options)?.name)?;
        Ok(Response::new(pb::ResultResp { result: Some(nothing()) }))
    }

    async fn restart_subsystem(&self, request: Request<Empty>) -> Result<Response<Empty>, Status> {
        only_operators(&request)?;
        Ok(Response::new(Empty {}))
    }
}
