//! Users: made and removed by admins, known until the node stops.

use super::{Shared, status};
use crate::node::{
    access::{Caller, User},
    proto::users::{CreateReq, CreateResp, DeleteReq, DeleteResp, users_server::Users},
};
use tonic::{Request, Response, Status};

const ADMINS: &str = "$admins";

fn admin<T>(request: &Request<T>) -> Result<(), Status> {
    (super::caller(request) == Caller::Admin).then_some(()).ok_or_else(status::access_denied)
}

#[tonic::async_trait]
impl Users for Shared {
    async fn create(&self, request: Request<CreateReq>) -> Result<Response<CreateResp>, Status> {
        admin(&request)?;
        let options = request.into_inner().options.ok_or_else(|| status::thrown("options are missing"))?;
        if options.login_name.is_empty() || options.login_name.contains(':') {
            return Err(Status::invalid_argument("The login name is empty or holds a colon."));
        }
        let admin = options.groups.iter().any(|g| g == ADMINS);
        let user = User { name: options.login_name.clone(), password: options.password, admin };
        if self.users.add(user) {
            return Ok(Response::new(CreateResp {}));
        }
        Err(status::user(tonic::Code::FailedPrecondition, "user-conflict", &options.login_name))
    }

    async fn delete(&self, request: Request<DeleteReq>) -> Result<Response<DeleteResp>, Status> {
        admin(&request)?;
        let name =
            request.into_inner().options.ok_or_else(|| status::thrown("options are missing"))?.login_name;
        if self.users.remove(&name) {
            return Ok(Response::new(DeleteResp {}));
        }
        Err(status::user(tonic::Code::NotFound, "user-not-found", &name))
    }
}
