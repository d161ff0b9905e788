//! Which layer a session speaks.

pub use crate::generated::layers::Layer;

/// The layer to serve a session with, and whether it is the one that was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The layer to encode for.
    pub layer: Layer,
    /// False if the announced layer is not among [`Layer::ALL`], so that this is its nearest.
    pub exact: bool,
}

impl Layer {
    /// The layer with this number, or the nearest one; of two as near, the older, which a newer client is
    /// likelier to read than the other way round.
    #[must_use]
    pub fn pick(announced: i32) -> Chosen {
        let mut layer = Layer::ALL[0];
        for &other in Layer::ALL {
            if other.number().abs_diff(announced) < layer.number().abs_diff(announced) {
                layer = other;
            }
        }
        Chosen {
            layer,
            exact: layer.number() == announced,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_the_nearest() {
        for (announced, number) in [
            (158, 158),
            (0, 133),
            (138, 133),
            (150, 155),
            (156, 155),
            (157, 158),
            (162, 158),
            (163, 166),
            (206, 201),
            (228, 227),
            (229, 229),
            (i32::MAX, 230),
            (i32::MIN, 133),
        ] {
            let chosen = Layer::pick(announced);
            assert_eq!(
                (chosen.layer.number(), chosen.exact),
                (number, number == announced)
            );
        }
    }
}
