//! The order in which the server folds a page of events.

use std::collections::{HashMap, VecDeque};

/// Places in the order of their folding. The server folds the first event of every partition as soon as its state is loaded; the
/// next one of a partition waits until its predecessor left the queue, which happens in the queue's order. Only a fold that keeps
/// something outside its state sees the difference, and whoever asks how far the others came when one faulted.
pub fn order(partitions: &[Option<&str>]) -> Vec<usize> {
    let mut next: Vec<Option<usize>> = vec![None; partitions.len()];
    let mut last: HashMap<&str, usize> = HashMap::new();
    let mut ready = VecDeque::new();
    let mut done = vec![false; partitions.len()];
    for (place, partition) in partitions.iter().enumerate() {
        let Some(partition) = partition else {
            done[place] = true;
            continue;
        };
        match last.insert(partition, place) {
            Some(before) => next[before] = Some(place),
            None => ready.push_back(place),
        }
    }
    let (mut order, mut head) = (Vec::with_capacity(partitions.len()), 0);
    while let Some(place) = ready.pop_front() {
        order.push(place);
        done[place] = true;
        while done.get(head) == Some(&true) {
            ready.extend(next[head]);
            head += 1;
        }
    }
    order
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_partition_waits_for_the_head_of_the_queue() {
        let a = Some("a");
        let b = Some("b");
        assert_eq!(super::order(&[a, a, b, a, b, a]), [0, 2, 1, 3, 4, 5]);
        assert_eq!(super::order(&[a, a, b, b, b, a]), [0, 2, 1, 5, 3, 4]);
        assert_eq!(super::order(&[None, a, None, a]), [1, 3]);
    }
}
