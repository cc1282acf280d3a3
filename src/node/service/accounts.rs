//! Users over gRPC: seen by everybody who logged in, changed by admins.

use super::{
    call::{only_admins, only_known},
    shared::Shared,
    status,
};
use crate::node::{
    proto::users::{
        self as pb, details_resp::UserDetails, details_resp::user_details::DateTime, users_server::Users,
    },
    users::{Account, Refused},
};
use futures::{Stream, stream};
use std::pin::Pin;
use tonic::{Request, Response, Status};

fn refused(refused: Refused, name: &str) -> Status {
    match refused {
        Refused::NotFound => status::user_not_found(name),
        Refused::Conflict => status::user_conflict(name),
        Refused::WrongPassword => status::access_denied(),
        Refused::NoRandom => status::handler_exception("the system gives no random numbers"),
        Refused::Read(error) => status::database(&error),
        Refused::Write(error) => status::write(&error),
    }
}

impl Shared {
    /// Runs a change to its end, also where the client leaves before.
    async fn administer<F>(
        &self,
        name: String,
        change: impl FnOnce(Shared, String) -> F,
    ) -> Result<(), Status>
    where
        F: Future<Output = Result<(), Refused>> + Send + 'static,
    {
        let changing = tokio::spawn(change(self.clone(), name.clone()));
        changing.await.map_err(|_| status::not_ready())?.map_err(|why| refused(why, &name))
    }

    async fn change_user<E>(&self, name: String, edit: E) -> Result<(), Status>
    where
        E: FnOnce(&mut Account) -> Result<(), Refused> + Send + 'static,
    {
        let change =
            async move |node: Shared, name: String| node.users.change(&node.commands, &name, edit).await;
        self.administer(name, change).await
    }

    async fn set_disabled(&self, name: String, disabled: bool) -> Result<(), Status> {
        let set = move |account: &mut Account| {
            account.disabled = disabled;
            Ok(())
        };
        self.change_user(name, set).await
    }
}

#[tonic::async_trait]
impl Users for Shared {
    type DetailsStream = Pin<Box<dyn Stream<Item = Result<pb::DetailsResp, Status>> + Send>>;

    async fn create(&self, request: Request<pb::CreateReq>) -> Result<Response<pb::CreateResp>, Status> {
        only_admins(&request)?;
        let o = status::required(request.into_inner().options)?;
        let create = move |node: Shared, name| async move {
            node.users.create(&node.commands, name, &o.password, o.full_name, o.groups).await
        };
        self.administer(o.login_name, create).await?;
        Ok(Response::new(pb::CreateResp {}))
    }

    async fn update(&self, request: Request<pb::UpdateReq>) -> Result<Response<pb::UpdateResp>, Status> {
        only_admins(&request)?;
        let o = status::required(request.into_inner().options)?;
        let (full_name, groups) = (o.full_name, o.groups);
        let update = |account: &mut Account| {
            (account.full_name, account.groups) = (full_name, groups);
            Ok(())
        };
        self.change_user(o.login_name, update).await?;
        Ok(Response::new(pb::UpdateResp {}))
    }

    async fn delete(&self, request: Request<pb::DeleteReq>) -> Result<Response<pb::DeleteResp>, Status> {
        only_admins(&request)?;
        let o = status::required(request.into_inner().options)?;
        let delete =
            |node: Shared, name: String| async move { node.users.delete(&node.commands, &name).await };
        self.administer(o.login_name, delete).await?;
        Ok(Response::new(pb::DeleteResp {}))
    }

    async fn disable(&self, request: Request<pb::DisableReq>) -> Result<Response<pb::DisableResp>, Status> {
        only_admins(&request)?;
        let o = status::required(request.into_inner().options)?;
        self.set_disabled(o.login_name, true).await?;
        Ok(Response::new(pb::DisableResp {}))
    }

    async fn enable(&self, request: Request<pb::EnableReq>) -> Result<Response<pb::EnableResp>, Status> {
        only_admins(&request)?;
        let o = status::required(request.into_inner().options)?;
        self.set_disabled(o.login_name, false).await?;
        Ok(Response::new(pb::EnableResp {}))
    }

    async fn change_password(
        &self,
        request: Request<pb::ChangePasswordReq>,
    ) -> Result<Response<pb::ChangePasswordResp>, Status> {
        only_known(&request)?;
        let o = status::required(request.into_inner().options)?;
        let change = move |account: &mut Account| {
            if !account.opens_with(o.current_password.as_bytes()) {
                return Err(Refused::WrongPassword);
            }
            account.set_password(&o.new_password).ok_or(Refused::NoRandom)
        };
        self.change_user(o.login_name, change).await?;
        Ok(Response::new(pb::ChangePasswordResp {}))
    }

    async fn reset_password(
        &self,
        request: Request<pb::ResetPasswordReq>,
    ) -> Result<Response<pb::ResetPasswordResp>, Status> {
        only_admins(&request)?;
        let o = status::required(request.into_inner().options)?;
        let reset =
            move |account: &mut Account| account.set_password(&o.new_password).ok_or(Refused::NoRandom);
        self.change_user(o.login_name, reset).await?;
        Ok(Response::new(pb::ResetPasswordResp {}))
    }

    async fn details(
        &self,
        request: Request<pb::DetailsReq>,
    ) -> Result<Response<Self::DetailsStream>, Status> {
        only_known(&request)?;
        let name = request.into_inner().options.unwrap_or_default().login_name;
        let asked = name.clone();
        let read = move |node: &Shared| match &*asked {
            "" => node.users.accounts(),
            one => Ok(node.users.account(one)?.into_iter().collect()),
        };
        let found = self.read_blocking(read).await?;
        if found.is_empty() && !name.is_empty() {
            return Err(status::user_not_found(&name));
        }
        Ok(Response::new(Box::pin(stream::iter(found.into_iter().map(|account| Ok(detailed(account)))))))
    }
}

fn detailed(account: Account) -> pb::DetailsResp {
    let Account { login_name, full_name, groups, updated, disabled, .. } = account;
    let last_updated = Some(DateTime { ticks_since_epoch: updated });
    pb::DetailsResp {
        user_details: Some(UserDetails { login_name, full_name, groups, last_updated, disabled }),
    }
}
