"""What is taken in of files before any form looks at them."""

from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

# Somewhat more than the largest file that a form takes, so that forms can say what is wrong.
LARGEST_REQUEST = 30 * 1024 * 1024
# What is larger is still listened to this far: a browser that is cut off while it sends may show no page at all.
LONGEST_LISTENING = 100 * 1024 * 1024


def unnamed_file() -> IO[bytes]:
    return TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)


def listen_to_the_end(body: Any) -> None:
    """Nothing of it is kept."""
    heard = 0
    while heard < LONGEST_LISTENING and (piece := body.read(64 * 1024)):
        heard += len(piece)


class BoundedUploadHandler(FileUploadHandler):
    """Files are written to the disk while they arrive, whoever sends them: so not without a limit.

    They have no name there. The system forgets them with the process, however it ends; nothing is to be cleared up.
    """

    def handle_raw_input(self, input_data: Any, meta: Any, content_length: int, *more: Any) -> None:
        if content_length > LARGEST_REQUEST:
            listen_to_the_end(input_data)
            raise RequestDataTooBig("The body of the request is larger than the portal accepts.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = unnamed_file()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        self.file.seek(0)
        more = (self.content_type, file_size, self.charset, self.content_type_extra)
        return UploadedFile(self.file, self.file_name, *more)

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()
