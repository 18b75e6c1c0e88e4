"""What is taken in of files before any form looks at them."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

# Somewhat more than the largest file that a form takes, so that forms can say what is wrong.
LARGEST_REQUEST = 30 * 1024 * 1024


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Files are written to the disk while they arrive, whoever sends them: so not without a limit."""

    def handle_raw_input(self, input_data: Any, meta: Any, content_length: int, *more: Any) -> None:
        if content_length > LARGEST_REQUEST:
            raise RequestDataTooBig("The body of the request is larger than the portal accepts.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """The temporary file is not named after the sender's, whose ending may be longer than a name on disk."""
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file: TemporaryUploadedFile = TemporaryUploadedFile(
            "upload", self.content_type or "", 0, self.charset, self.content_type_extra
        )
        self.file.name = self.file_name
