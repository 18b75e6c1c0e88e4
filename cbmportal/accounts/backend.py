from allauth.account.auth_backends import AuthenticationBackend

from cbmportal.accounts.models import User
from cbmportal.accounts.second_factor import with_second_factor


class PortalBackend(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """With one question for the account of a session and whether it has a second factor."""
        user: User | None = with_second_factor(User.objects.filter(pk=user_id)).first()
        return user if user and self.user_can_authenticate(user) else None
