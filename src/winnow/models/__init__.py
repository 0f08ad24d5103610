"""Rows, one file a noun. Rows hold facts and constraints; what is done with them lives in services."""

from winnow.models.accounts import Account, ApiToken, Role, Scope, SignInLink
from winnow.models.alerts import Alert
from winnow.models.answers import StoredAnswer
from winnow.models.audits import Audit, Certification, TagBurn
from winnow.models.datasets import DatasetVersion
from winnow.models.drift import DriftCheck
from winnow.models.evidence import Evidence
from winnow.models.experiments import Experiment, ExperimentCount
from winnow.models.feedback import Report
from winnow.models.items import Apart, Item, ItemBlock, ItemKey, Signal
from winnow.models.jobs import Job
from winnow.models.log import Event
from winnow.models.look_ups import LookUp
from winnow.models.outbox import Mailbox, Message, Webhook
from winnow.models.predictions import Prediction
from winnow.models.readers import FollowedTag, Mark, ReaderState
from winnow.models.recall import RecallDraw
from winnow.models.registry import Deployment, DeploymentStage, GateDecision, ModelVersion, TrainingRun
from winnow.models.review import Label, ReviewTask, TaskSkip
from winnow.models.rollout import Comparison, Renewal, RolloutLook, ShadowCount
from winnow.models.search import PrivateFeed, SavedSearch, SearchEntry, SearchSlip, SearchWord
from winnow.models.second_factor import Authenticator, Passkey, RecoveryCode
from winnow.models.sources import Reading, Source
from winnow.models.taxonomy import Guideline, Tag
from winnow.models.throttle import Bucket
from winnow.models.value import DayCount, ItemViews, TagOpinion
from winnow.models.withheld import WithheldDraw

__all__ = [
    "Account",
    "Alert",
    "Apart",
    "ApiToken",
    "Audit",
    "Authenticator",
    "Bucket",
    "Certification",
    "Comparison",
    "DatasetVersion",
    "DayCount",
    "Deployment",
    "DeploymentStage",
    "DriftCheck",
    "Event",
    "Evidence",
    "Experiment",
    "ExperimentCount",
    "FollowedTag",
    "GateDecision",
    "Guideline",
    "Item",
    "ItemBlock",
    "ItemKey",
    "ItemViews",
    "Job",
    "Label",
    "LookUp",
    "Mailbox",
    "Mark",
    "Message",
    "ModelVersion",
    "Passkey",
    "Prediction",
    "PrivateFeed",
    "ReaderState",
    "Reading",
    "RecallDraw",
    "RecoveryCode",
    "Renewal",
    "Report",
    "ReviewTask",
    "Role",
    "RolloutLook",
    "SavedSearch",
    "Scope",
    "SearchEntry",
    "SearchSlip",
    "SearchWord",
    "ShadowCount",
    "SignInLink",
    "Signal",
    "Source",
    "StoredAnswer",
    "Tag",
    "TagBurn",
    "TagOpinion",
    "TaskSkip",
    "TrainingRun",
    "Webhook",
    "WithheldDraw",
]
