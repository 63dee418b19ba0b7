"""What is deployed: process folders as versions, by content, and finding the one a case runs on."""

from engine.definitions.bundle import Bundle
from engine.definitions.checks import Around, check, check_all
from engine.definitions.deployment import Deployment, deploy, deploy_all, versions
from engine.definitions.files import folders, read_folder, write_folder
from engine.definitions.library import Library
from engine.definitions.package import Package

__all__ = ["Around", "Bundle", "Deployment", "Library", "Package", "check", "check_all", "deploy", "deploy_all", "folders", "read_folder",
           "versions", "write_folder"]
