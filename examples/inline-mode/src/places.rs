//! Where one can meet.

/// A place. Its number is its place in [`PLACES`]: buttons carry it, so new ones go to the end.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) name: &'static str,
    pub(crate) street: &'static str,
}

const fn place(name: &'static str, street: &'static str) -> Place {
    Place { name, street }
}

pub(crate) const PLACES: [Place; 14] = [
    place("The Anchor", "Harbour Street 3"),
    place("Bell's Café", "Market Square 11"),
    place("The Blue Door", "Mill Lane 27"),
    place("Canal Garden", "Towpath 1"),
    place("Corner Bakery", "Station Road 40"),
    place("The Crooked Spoon", "Mill Lane 2"),
    place("Dog and Duck", "Harbour Street 16"),
    place("Fig Tree", "Old Wall 8"),
    place("The Glasshouse", "Park Avenue 5"),
    place("Hill View", "Upper Terrace 30"),
    place("Market Kitchen", "Market Square 2"),
    place("Noodle Bar", "Station Road 12"),
    place("The Reading Room", "Library Walk 1"),
    place("Teapot", "Old Wall 19"),
];

/// The numbers of the places whose name or street holds this, in any letter case.
pub(crate) fn find(text: &str) -> Vec<u8> {
    let text = text.trim().to_lowercase();
    let holds = |place: &Place| {
        place.name.to_lowercase().contains(&text) || place.street.to_lowercase().contains(&text)
    };
    (0..)
        .zip(&PLACES)
        .filter(|(_, place)| holds(place))
        .map(|(number, _)| number)
        .collect()
}
