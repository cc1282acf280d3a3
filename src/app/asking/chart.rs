//! Values of a field at even steps of its changes, as far as a chart can show them.

/// Most values.
const MOST: usize = 512;

/// Of every so many changes one; twice as many where there would be too many values.
#[derive(Debug)]
pub struct Chart {
    step: usize,
    /// `None` where it is no number.
    values: Vec<Option<f64>>,
}

impl Default for Chart {
    fn default() -> Self {
        Self { step: 1, values: Vec::new() }
    }
}

impl Chart {
    /// The place of each change and its value.
    pub fn points(&self) -> impl Iterator<Item = (usize, f64)> {
        self.values.iter().enumerate().filter_map(|(at, value)| Some((at * self.step, (*value)?)))
    }

    /// So many changes are known by now.
    pub(super) fn reaches(&mut self, changes: usize) {
        while changes.div_ceil(self.step) > MOST {
            self.step *= 2;
            let mut at = 0;
            self.values.retain(|_| {
                at += 1;
                at % 2 == 1
            });
        }
    }

    /// The places whose values are not known.
    pub(super) fn missing(&self, changes: usize) -> impl Iterator<Item = usize> + use<> {
        let step = self.step;
        (self.values.len()..changes.div_ceil(step)).map(move |at| at * step)
    }

    pub(super) fn take<'a>(&mut self, values: impl Iterator<Item = Option<&'a str>>) {
        let number = |token: Option<&str>| token?.parse().ok().filter(|value: &f64| value.is_finite());
        self.values.extend(values.map(number));
    }
}
