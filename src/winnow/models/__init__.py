"""Rows, one file a noun. Rows hold facts and constraints; what is done with them lives in services."""

from winnow.models.accounts import Account, ApiToken, Role, Scope, SignInLink
from winnow.models.answers import StoredAnswer
from winnow.models.datasets import DatasetVersion
from winnow.models.evidence import Evidence
from winnow.models.feedback import Report
from winnow.models.items import Apart, Item, ItemBlock, ItemKey
from winnow.models.jobs import Job
from winnow.models.log import Event
from winnow.models.predictions import Prediction
from winnow.models.registry import Deployment, ModelVersion
from winnow.models.review import Label, ReviewTask
from winnow.models.sources import Source
from winnow.models.taxonomy import Tag

__all__ = [
    "Account",
    "Apart",
    "ApiToken",
    "DatasetVersion",
    "Deployment",
    "Event",
    "Evidence",
    "Item",
    "ItemBlock",
    "ItemKey",
    "Job",
    "Label",
    "ModelVersion",
    "Prediction",
    "Report",
    "ReviewTask",
    "Role",
    "Scope",
    "SignInLink",
    "Source",
    "StoredAnswer",
    "Tag",
]
