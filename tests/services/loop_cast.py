"""What the tests of the loop share: a stream that the champion knows, and people who answer."""

SUBJECTS = {
    "natural-language-processing": ("Parsing of {} sentences", "A transformer parses the sentences of {} texts."),
    "computer-vision": ("Segmentation of {} images", "A convolutional network segments images of a {}."),
    "mlops": ("Serving of {} models", "A tool that deploys and monitors models for a {} in production."),
    "other": ("Forecasting of {} series", "A recurrent network forecasts the demand of a {} as a time series."),
}
WORDS = [
    "river",
    "market",
    "violin",
    "harbour",
    "meadow",
    "engine",
    "orchard",
    "tunnel",
    "glacier",
    "kitchen",
    "bridge",
    "castle",
    "desert",
    "forest",
    "garden",
    "island",
    "jungle",
    "kennel",
    "ladder",
    "museum",
]


def rows(n):
    """`n` works of each tag: (title, description, tag)."""
    return [
        (title.format(word), description.format(word), tag)
        for word in WORDS[:n]
        for tag, (title, description) in SUBJECTS.items()
    ]


def answer(tasks, tags, account, wrong=()):
    """Label tasks with the tags that titles tell; those at the places `wrong` otherwise than the model said."""
    from winnow.services.review import label_task

    truth = {title: tag for title, _, tag in rows(len(WORDS))}
    for place, task in enumerate(tasks):
        said = truth[task.item.title]
        if place in wrong:
            said = next(slug for slug in tags if slug not in (said, task.audit.tag))
        label_task(task=task, tag=tags[said], account=account)
