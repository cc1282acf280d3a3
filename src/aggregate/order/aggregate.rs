//! The order as an [`Aggregate`]: the one place where histories meet its Decider.

use super::kept;
use super::{
    Broken, Decoded, Order, OrderCommand, OrderEvent, OrderId, Placed, Total, UserId, ValueError, decide,
    decode, encode, evolve, initial, truncated,
};
use crate::aggregate::field_path::named;
use crate::aggregate::{
    Aggregate, Applied, Column, Command, CommandForm, Field, FieldKind, FieldPath, FormField, InputError,
    NewEvent, Problem, Refusal, Schema, State, Status, Target, Tone,
};
use crate::record::{RecordRef, StreamName};
use std::borrow::Cow;
use std::sync::Arc;

/// The category whose streams hold orders.
pub const CATEGORY: &str = "order";
const CREATE: &str = "create";

/// The stream that holds this order.
pub fn stream_of(id: &OrderId) -> StreamName {
    StreamName::new(&format!("{CATEGORY}-{}", id.as_str()))
}

/// The id that the stream's name gives.
pub fn id_of(stream: &StreamName) -> OrderId {
    OrderId::stored(stream.as_str().strip_prefix("order-").unwrap_or_default())
}

#[derive(Debug)]
pub struct OrderAggregate {
    schema: Schema,
    /// ID, `UserID`, Total, Paid.
    names: [Arc<str>; 4],
    unpaid: Arc<Status>,
    paid: Arc<Status>,
}

impl Default for OrderAggregate {
    fn default() -> Self {
        let status = |word: &str, label: &str, tone, rank| {
            Arc::new(Status { word: word.into(), label: label.into(), tone, rank })
        };
        let unpaid = status("unpaid", "Unpaid", Tone::Neutral, 0);
        let paid = status("paid", "Paid", Tone::Good, 1);
        let column =
            |label: &str, path: &str, numeric| Column { label: label.into(), path: path.into(), numeric };
        let schema = Schema {
            category: CATEGORY.into(),
            noun: CATEGORY.into(),
            note: None,
            file: None,
            columns: vec![column("Total", "Total", true), column("User", "UserID", false)],
            statuses: vec![unpaid.clone(), paid.clone()],
            events: vec![(OrderEvent::CREATED.into(), Tone::Begun), (OrderEvent::PAID.into(), Tone::Good)],
            commands: vec![create_form(), pay_form()],
        };
        let names = ["ID", "UserID", "Total", "Paid"].map(Arc::from);
        Self { schema, names, unpaid, paid }
    }
}

fn form_field(label: &str, hint: &str, required: bool, kind: FieldKind) -> FormField {
    FormField { label: label.into(), hint: hint.into(), required, kind }
}

fn create_form() -> CommandForm {
    CommandForm {
        name: CREATE.into(),
        label: "Create order".into(),
        target: Target::New,
        fields: vec![
            form_field("User", "user123", true, FieldKind::Text),
            form_field("Total", "99.90", true, FieldKind::Decimal),
            form_field("Order", "new id", false, FieldKind::Text),
        ],
        id: 2,
        incomplete: "Type a user and a total.".into(),
        appends: vec![OrderEvent::CREATED.into()],
    }
}

fn pay_form() -> CommandForm {
    CommandForm {
        name: "pay".into(),
        label: "Pay order".into(),
        target: Target::Existing,
        fields: vec![form_field("Order", "order id", true, FieldKind::Text)],
        id: 0,
        incomplete: "Name the order to pay, or select one.".into(),
        appends: vec![OrderEvent::PAID.into()],
    }
}

/// The command as any aggregate's.
pub fn command(command: OrderCommand) -> Command {
    let creates = matches!(command, OrderCommand::Create { .. });
    Command::new(stream_of(command.order_id()), creates, command)
}

impl From<ValueError> for InputError {
    fn from(error: ValueError) -> Self {
        Self::Invalid(error.to_string())
    }
}

impl Aggregate for OrderAggregate {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn initial(&self, stream: &StreamName) -> State {
        State::new(initial(id_of(stream)))
    }

    fn truncated(&self, stream: &StreamName) -> State {
        State::new(truncated(id_of(stream)))
    }

    fn is_known(&self, state: &State) -> bool {
        !matches!(state.get(), Some(Order::Unknown(_)))
    }

    fn apply(&self, state: &mut State, event: RecordRef<'_>, changed: &mut Vec<Arc<str>>) -> Applied {
        let event = match decode(event.event_type, event.data) {
            Decoded::Unknown => return Applied::NotFolded,
            Decoded::Malformed(problem) => return Applied::Problem(problem),
            Decoded::Event(event) => event,
        };
        let Some(order) = state.get_mut::<Order>() else { return Applied::NotFolded };
        match evolve(order, &event) {
            Ok(after) => {
                let was_placed = matches!(order, Order::Placed(_));
                *order = after;
                match (&event, &*order) {
                    (OrderEvent::Created { .. }, _) => changed.extend(self.names.iter().cloned()),
                    (OrderEvent::Paid { .. }, Order::Placed(_)) if was_placed => {
                        changed.push(self.names[3].clone());
                    }
                    (OrderEvent::Paid { .. }, _) => {}
                }
                Applied::Folded
            }
            Err(broken) => Applied::Problem(problem(&broken, &event)),
        }
    }

    fn version(&self) -> Cow<'_, str> {
        kept::VERSION.into()
    }

    fn save(&self, state: &State) -> Option<Vec<u8>> {
        state.get().map(kept::save)
    }

    fn load(&self, stream: &StreamName, bytes: &[u8]) -> Option<State> {
        kept::load(id_of(stream), bytes).map(State::new)
    }

    fn fields(&self, state: &State) -> Option<Vec<Field>> {
        let Some(Order::Placed(Placed { id, user_id, total, paid })) = state.get() else { return None };
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let [id_name, user_name, total_name, paid_name] = &self.names;
        Some(vec![
            Field::token(id_name, text(id.as_str())),
            Field::token(user_name, text(user_id.as_str())),
            Field::token(total_name, total.as_str()),
            Field::token(paid_name, paid.to_string()),
        ])
    }

    fn field<'a>(&self, state: &'a State, path: &FieldPath) -> Option<Cow<'a, str>> {
        let Some(Order::Placed(Placed { id, user_id, total, paid })) = state.get() else { return None };
        let [name] = path.parts() else { return None };
        let text = |text: &str| Cow::Owned(serde_json::Value::from(text).to_string());
        let place = named(self.names.iter().zip(0..).map(|(name, place)| (&**name, place)), name)?;
        Some(match place {
            0 => text(id.as_str()),
            1 => text(user_id.as_str()),
            2 => Cow::Borrowed(total.as_str()),
            _ => Cow::Borrowed(if *paid { "true" } else { "false" }),
        })
    }

    fn size(&self, state: &State) -> usize {
        let texts = match state.get() {
            Some(Order::Placed(placed)) => {
                placed.id.as_str().len() + placed.user_id.as_str().len() + placed.total.as_str().len()
            }
            _ => 0,
        };
        size_of::<Order>() + texts
    }

    fn status(&self, state: &State) -> Option<Arc<Status>> {
        let Some(Order::Placed(placed)) = state.get() else { return None };
        Some(if placed.paid { self.paid.clone() } else { self.unpaid.clone() })
    }

    fn command(&self, form: &CommandForm, texts: &[&str], fresh_id: &str) -> Result<Command, InputError> {
        match (&*form.name, texts) {
            (CREATE, [user, total, id]) => {
                let order_id = if id.is_empty() { OrderId::stored(fresh_id) } else { OrderId::parse(id)? };
                let (user_id, total) = (UserId::parse(user)?, Total::parse(total)?);
                Ok(command(OrderCommand::Create { order_id, user_id, total }))
            }
            // An id that names what is there is taken to the byte.
            (_, [id]) => Ok(command(OrderCommand::Pay { order_id: OrderId::stored(id) })),
            _ => Err(InputError::Incomplete(form.incomplete.clone())),
        }
    }

    fn decide(&self, state: &State, command: &Command) -> Result<Vec<NewEvent>, Refusal> {
        let (Some(order), Some(command)) = (state.get::<Order>(), command.get::<OrderCommand>()) else {
            return Err(Refusal { text: "the command is not one of an order".to_owned(), because_of: None });
        };
        let events = decide(order, command).map_err(|refusal| Refusal {
            text: refusal.to_string(),
            because_of: refusal.because_of().map(Arc::from),
        })?;
        let new = |event: &OrderEvent| NewEvent {
            event_type: event.event_type().into(),
            data: encode(event).into(),
        };
        Ok(events.iter().map(new).collect())
    }
}
fn problem(broken: &Broken, event: &OrderEvent) -> Problem {
    let event_type = event.event_type();
    let (kind, text, contradicts) = match broken {
        Broken::CreatedTwice => {
            ("created-twice", format!("{event_type}, but the order was already created"), Some("ID"))
        }
        Broken::PaidTwice => {
            ("paid-twice", format!("{event_type}, but the order was already paid"), Some("Paid"))
        }
        Broken::PaidBeforeCreated => {
            ("paid-before-created", format!("{event_type}, but the order was not created before it"), None)
        }
        Broken::ForeignOrderId { found, expected } => (
            "foreign-order-id",
            format!(
                "{event_type}, but its OrderID is {:?} and this stream belongs to {:?}",
                found.as_str(),
                expected.as_str()
            ),
            None,
        ),
    };
    Problem { contradicts: contradicts.map(Arc::from), ..Problem::new(kind, text) }
}
