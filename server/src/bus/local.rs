//! The bus of one process: a table of who listens to what. Neighbours: [`super::Bus`] and its conformance suite.

use super::{Bus, Delivery, Sink, Subscription, Topic};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Everybody in one process.
#[derive(Clone, Default)]
pub struct LocalBus {
    table: Arc<RwLock<Table>>,
}

/// A sink and the number of its subscription.
type Listener = (u64, Arc<dyn Sink>);

#[derive(Default)]
struct Table {
    last: u64,
    listeners: HashMap<Topic, Vec<Listener>>,
}

impl Bus for LocalBus {
    fn publish(&self, topics: &[Topic], delivery: &Delivery) {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        for topic in topics {
            for (_, sink) in table.listeners.get(topic).into_iter().flatten() {
                sink.take(delivery);
            }
        }
    }

    fn subscribe(&self, topic: Topic, sink: Arc<dyn Sink>) -> Subscription {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        table.last += 1;
        let number = table.last;
        table.listeners.entry(topic).or_default().push((number, sink));
        let shared = Arc::clone(&self.table);
        Subscription::new(move || {
            let mut table = shared.write().unwrap_or_else(PoisonError::into_inner);
            if let Some(listeners) = table.listeners.get_mut(&topic) {
                listeners.retain(|(other, _)| *other != number);
                if listeners.is_empty() {
                    table.listeners.remove(&topic);
                }
            }
        })
    }
}
