//! Users: made and removed by admins, kept in streams of their own.

use super::{Shared, status};
use crate::node::{
    log::{
        batch::{Expected, Outcome},
        write,
        writer::Work,
    },
    proto::users::{CreateReq, CreateResp, DeleteReq, DeleteResp, users_server::Users},
    users::{Account, stream_of},
};
use tonic::{Code, Request, Response, Status};

fn admin<T>(request: &Request<T>) -> Result<(), Status> {
    super::caller(request).is_admin().then_some(()).ok_or_else(status::access_denied)
}

#[tonic::async_trait]
impl Users for Shared {
    async fn create(&self, request: Request<CreateReq>) -> Result<Response<CreateResp>, Status> {
        admin(&request)?;
        let o = request.into_inner().options.ok_or_else(|| status::thrown("options are missing"))?;
        if o.login_name.is_empty() || o.login_name.contains(':') {
            return Err(Status::invalid_argument("The login name is empty or holds a colon."));
        }
        let taken = status::user(Code::FailedPrecondition, "user-conflict", &o.login_name);
        if self.users.knows(&o.login_name) {
            return Err(taken);
        }
        let account = Account::new(o.login_name, &o.password, o.full_name, o.groups);
        let made = account.and_then(|account| Some((account.event()?, account)));
        let (event, account) = made.ok_or_else(|| status::thrown("the system gives no random numbers"))?;
        let work = Work::Append(account.stream(), Expected::NoStream, vec![event]);
        match write(&self.commands, work).await.map_err(|e| status::write(&e))? {
            Outcome::Written { .. } => self.users.add(account),
            Outcome::Wrong { .. } | Outcome::Deleted => return Err(taken),
        }
        Ok(Response::new(CreateResp {}))
    }

    async fn delete(&self, request: Request<DeleteReq>) -> Result<Response<DeleteResp>, Status> {
        admin(&request)?;
        let options = request.into_inner().options.ok_or_else(|| status::thrown("options are missing"))?;
        let name = options.login_name;
        if self.users.fixed(&name) {
            return Err(Status::failed_precondition(format!(
                "{name} was given with --user; start the sandbox without it."
            )));
        }
        if !self.users.knows(&name) {
            return Err(status::user(Code::NotFound, "user-not-found", &name));
        }
        let work = Work::Delete(stream_of(&name), Expected::Any);
        write(&self.commands, work).await.map_err(|e| status::write(&e))?;
        self.users.remove(&name);
        Ok(Response::new(DeleteResp {}))
    }
}
