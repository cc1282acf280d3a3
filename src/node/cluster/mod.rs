//! The node's ports as members of a cluster: which one leads, what the others refuse, and what each of them knows.

mod need;
mod role;
mod state;
mod view;

use http::HeaderMap;
pub use need::writes;
pub use role::{Refusal, Role};
use state::State;
pub use state::{Gossip, Member};
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{PoisonError, RwLock, RwLockReadGuard},
};
use tokio::sync::watch;
use view::View;

/// Whether a write that a leader accepted while nobody heard it comes into the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Majority {
    Awaited,
    Given,
    /// Another leader was elected.
    Lost,
}

#[derive(Debug)]
pub struct Cluster {
    state: RwLock<State>,
    changed: watch::Sender<u64>,
}

impl Cluster {
    /// Of one member, which leads.
    pub fn of(member: Member) -> Cluster {
        let view = View::of_leader(member.address);
        let state = State { members: vec![member], view, apart: HashMap::new() };
        Cluster { state: RwLock::new(state), changed: watch::Sender::new(0) }
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let done = change(&mut self.state.write().unwrap_or_else(PoisonError::into_inner));
        self.changed.send_modify(|times| *times += 1);
        done
    }

    /// As a follower, or as a replica.
    pub fn join(&self, member: Member) {
        self.change(|state| state.members.push(member));
    }

    pub fn elect(&self, electing: bool) {
        self.change(|state| {
            state.view.epoch += u64::from(state.view.electing && !electing);
            state.view.electing = electing;
        });
    }

    pub fn resign(&self, resigned: bool) {
        self.change(|state| {
            state.view.epoch += u64::from(state.view.resigned && !resigned);
            state.view.resigned = resigned;
        });
    }

    /// False where no member has this address; so do those below.
    pub fn advertise(&self, address: SocketAddr, advertised: SocketAddr) -> bool {
        self.change(|state| {
            let member = state.members.iter_mut().find(|member| member.address == address);
            member.map(|member| member.advertised = advertised).is_some()
        })
    }

    /// Whether the others hear it; one that they do not hear keeps the role in which it was.
    pub fn set_alive(&self, address: SocketAddr, is_alive: bool) -> bool {
        self.change(|state| {
            let Some(member) = state.member(address) else { return false };
            let role = state.view.role(address, member.read_only_replica);
            if is_alive {
                state.view.dead.remove(&address);
            } else {
                state.view.dead.insert(address, role);
            }
            true
        })
    }

    /// The state that it passes through, or the one that follows from who leads.
    pub fn enter(&self, address: SocketAddr, passing: Option<Role>) -> bool {
        self.change(|state| {
            let known = state.member(address).is_some();
            match passing.filter(|_| known) {
                Some(role) => drop(state.view.passing.insert(address, role)),
                None => drop(state.view.passing.remove(&address)),
            }
            known
        })
    }

    /// False where no member that may lead and that the others hear has this address.
    pub fn lead(&self, address: SocketAddr) -> bool {
        self.change(|state| {
            let may = state.member(address).is_some_and(|member| !member.read_only_replica);
            if !may || state.apart.contains_key(&address) {
                return false;
            }
            state.view.epoch += 1;
            state.view.reign += u64::from(state.view.leader != address);
            state.view.leader = address;
            // Who lacks a record is not elected.
            if let Some(member) = state.members.iter_mut().find(|member| member.address == address) {
                member.held_back = false;
            }
            state.hold_or_release(address);
            true
        })
    }

    /// Lets its log stand still; false for the leader, too.
    pub fn hold_back(&self, address: SocketAddr, held_back: bool) -> bool {
        self.change(|state| {
            let leads = state.view.leader == address;
            let member = state.members.iter_mut().find(|member| member.address == address);
            let Some(member) = member.filter(|_| !(leads && held_back)) else { return false };
            member.held_back = held_back;
            state.hold_or_release(address);
            true
        })
    }

    /// It hears the others no more, and believes what it believed last.
    pub fn cut_off(&self, address: SocketAddr, cut_off: bool) -> bool {
        self.change(|state| {
            let known = state.member(address).is_some();
            if cut_off && known {
                let view = state.view_of(address).clone();
                state.apart.insert(address, view);
            } else {
                state.apart.remove(&address);
            }
            state.hold_or_release(address);
            known
        })
    }

    /// Who is cut off notices it: there is no leader, and nobody else.
    pub fn give_up(&self, address: SocketAddr) -> bool {
        self.change(|state| {
            let others = state.members.iter().filter(|member| member.address != address);
            let Some(view) = state.apart.get_mut(&address) else { return false };
            let dead: Vec<_> =
                others.map(|m| (m.address, view.role(m.address, m.read_only_replica))).collect();
            view.dead.extend(dead);
            view.electing = true;
            true
        })
    }

    pub fn role(&self, address: SocketAddr) -> Role {
        self.read().role(address)
    }

    /// All members as the one at this address knows them.
    pub fn gossip(&self, at: SocketAddr) -> Vec<Gossip> {
        let state = self.read();
        state.members.iter().map(|member| state.gossip(member, at)).collect()
    }

    /// Why the member at this address takes no more writes on a call that is open.
    pub fn write_refusal(&self, at: SocketAddr) -> Option<Refusal> {
        let state = self.read();
        state.role(at).refusal(role::Need::Writer, state.advertised_leader(at))
    }

    /// Why the member at this address does not take a gRPC call.
    pub fn refusal(&self, at: SocketAddr, path: &str, headers: &HeaderMap) -> Option<Refusal> {
        let state = self.read();
        state.role(at).refusal(need::of(path, headers), state.advertised_leader(at))
    }

    /// Under which leader this member accepts writes although nobody hears it; `None` where it is heard.
    pub fn unheard_reign(&self, at: SocketAddr) -> Option<u64> {
        self.read().apart.get(&at).map(|view| view.reign)
    }

    /// Ends when a write accepted there and then has its majority, or never will.
    pub async fn majority(&self, at: SocketAddr, reign: u64) -> Majority {
        let now = || {
            let state = self.read();
            match &state.view {
                _ if state.apart.contains_key(&at) => Majority::Awaited,
                view if view.reign != reign => Majority::Lost,
                view if !view.has_leader() => Majority::Awaited,
                _ => Majority::Given,
            }
        };
        self.until(|| Some(now()).filter(|majority| *majority != Majority::Awaited)).await
    }

    /// Ends when a member that nobody hears has noticed it.
    pub async fn given_up(&self, at: SocketAddr) {
        self.until(|| self.read().apart.get(&at).filter(|view| view.electing).map(drop)).await;
    }

    async fn until<T>(&self, answer: impl Fn() -> Option<T>) -> T {
        let mut changed = self.changed.subscribe();
        loop {
            changed.mark_unchanged();
            if let Some(answer) = answer() {
                return answer;
            }
            if changed.changed().await.is_err() {
                return std::future::pending().await;
            }
        }
    }
}
