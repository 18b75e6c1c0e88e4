"""Fictional documents, the same ones in every language, so that each is the translation of the others."""

from dataclasses import dataclass

from policies.models import DocumentKind


@dataclass(frozen=True)
class Document:
    """Title and description by language; `{}` in a title is a year."""

    kind: DocumentKind
    titles: dict[str, str]
    descriptions: dict[str, str]


DOCUMENTS = (
    Document(
        DocumentKind.NATIONAL_STRATEGY,
        {
            "en": "National Cybersecurity Strategy {} (demonstration document)",
            "es": "Estrategia Nacional de Ciberseguridad {} (documento de demostración)",
            "pt": "Estratégia Nacional de Segurança Cibernética {} (documento de demonstração)",
            "fr": "Stratégie nationale de cybersécurité {} (document de démonstration)",
            "nl": "Nationale cyberveiligheidsstrategie {} (demonstratiedocument)",
        },
        {
            "en": "Sets goals for governance, protection of essential services, incident response, education and"
            " international cooperation, and names who is responsible for each.",
            "es": "Fija objetivos de gobernanza, protección de los servicios esenciales, respuesta a incidentes,"
            " educación y cooperación internacional, y señala al responsable de cada uno.",
            "pt": "Estabelece objetivos de governança, proteção dos serviços essenciais, resposta a incidentes,"
            " educação e cooperação internacional, e indica o responsável por cada um.",
            "fr": "Fixe des objectifs de gouvernance, de protection des services essentiels, de réponse aux"
            " incidents, d'éducation et de coopération internationale, et désigne un responsable pour chacun.",
            "nl": "Stelt doelen voor bestuur, bescherming van essentiële diensten, incidentrespons, onderwijs en"
            " internationale samenwerking, en wijst voor elk een verantwoordelijke aan.",
        },
    ),
    Document(
        DocumentKind.LAW,
        {
            "en": "Protection of Essential Networks Act {} (demonstration document)",
            "es": "Ley de Protección de las Redes Esenciales de {} (documento de demostración)",
            "pt": "Lei de Proteção das Redes Essenciais de {} (documento de demonstração)",
            "fr": "Loi de {} sur la protection des réseaux essentiels (document de démonstration)",
            "nl": "Wet bescherming essentiële netwerken {} (demonstratiedocument)",
        },
        {
            "en": "Obliges operators of essential networks to assess their risks, to report serious incidents within"
            " a day and to be audited every second year.",
            "es": "Obliga a los operadores de redes esenciales a evaluar sus riesgos, notificar en un día los"
            " incidentes graves y someterse a auditoría cada dos años.",
            "pt": "Obriga os operadores de redes essenciais a avaliar seus riscos, notificar em um dia os incidentes"
            " graves e submeter-se a auditoria a cada dois anos.",
            "fr": "Oblige les opérateurs de réseaux essentiels à évaluer leurs risques, à signaler les incidents"
            " graves dans la journée et à se soumettre à un audit tous les deux ans.",
            "nl": "Verplicht beheerders van essentiële netwerken hun risico's te beoordelen, ernstige incidenten"
            " binnen een dag te melden en zich om het jaar te laten controleren.",
        },
    ),
    Document(
        DocumentKind.DECREE,
        {
            "en": "Decree establishing the National Cybersecurity Council, {} (demonstration document)",
            "es": "Decreto de {} por el que se crea el Consejo Nacional de Ciberseguridad (documento de demostración)",
            "pt": "Decreto de {} que institui o Conselho Nacional de Segurança Cibernética"
            " (documento de demonstração)",
            "fr": "Décret de {} portant création du Conseil national de cybersécurité (document de démonstration)",
            "nl": "Besluit tot instelling van de Nationale Cyberveiligheidsraad, {} (demonstratiedocument)",
        },
        {
            "en": "Creates an interministerial council that coordinates policy and proposes the national strategy,"
            " and lays down its membership and working methods.",
            "es": "Crea un consejo interministerial que coordina la política y propone la estrategia nacional, y"
            " establece su composición y sus métodos de trabajo.",
            "pt": "Cria um conselho interministerial que coordena a política e propõe a estratégia nacional, e"
            " define sua composição e seus métodos de trabalho.",
            "fr": "Crée un conseil interministériel chargé de coordonner la politique et de proposer la stratégie"
            " nationale, et en fixe la composition et les méthodes de travail.",
            "nl": "Stelt een interministeriële raad in die het beleid coördineert en de nationale strategie"
            " voorstelt, en regelt de samenstelling en werkwijze ervan.",
        },
    ),
    Document(
        DocumentKind.POLICY,
        {
            "en": "Information Security Policy of the Public Sector {} (demonstration document)",
            "es": "Política de Seguridad de la Información del Sector Público {} (documento de demostración)",
            "pt": "Política de Segurança da Informação do Setor Público {} (documento de demonstração)",
            "fr": "Politique de sécurité de l'information du secteur public {} (document de démonstration)",
            "nl": "Informatiebeveiligingsbeleid van de overheid {} (demonstratiedocument)",
        },
        {
            "en": "Minimum requirements for public bodies: an officer responsible, a list of systems, access control,"
            " backups and a yearly exercise.",
            "es": "Requisitos mínimos para los organismos públicos: un responsable, un inventario de sistemas,"
            " control de acceso, copias de seguridad y un ejercicio anual.",
            "pt": "Requisitos mínimos para os órgãos públicos: um responsável, um inventário de sistemas, controle"
            " de acesso, cópias de segurança e um exercício anual.",
            "fr": "Exigences minimales pour les organismes publics : un responsable, un inventaire des systèmes, un"
            " contrôle des accès, des sauvegardes et un exercice annuel.",
            "nl": "Minimumeisen voor overheidsorganen: een verantwoordelijke, een overzicht van systemen,"
            " toegangsbeheer, back-ups en een jaarlijkse oefening.",
        },
    ),
    Document(
        DocumentKind.WHITE_PAPER,
        {
            "en": "White Paper on International Law in Cyberspace {} (demonstration document)",
            "es": "Libro Blanco sobre el Derecho Internacional en el Ciberespacio {} (documento de demostración)",
            "pt": "Livro Branco sobre o Direito Internacional no Ciberespaço {} (documento de demonstração)",
            "fr": "Livre blanc sur le droit international dans le cyberespace {} (document de démonstration)",
            "nl": "Witboek over het internationaal recht in cyberspace {} (demonstratiedocument)",
        },
        {
            "en": "Presents the national view of how international law applies to the conduct of states in cyberspace.",
            "es": "Expone la posición nacional sobre cómo se aplica el derecho internacional a la conducta de los"
            " Estados en el ciberespacio.",
            "pt": "Expõe a posição nacional sobre como o direito internacional se aplica à conduta dos Estados no"
            " ciberespaço.",
            "fr": "Expose la position nationale sur l'application du droit international à la conduite des États dans"
            " le cyberespace.",
            "nl": "Geeft de nationale visie op de toepassing van het internationaal recht op het gedrag van staten in"
            " cyberspace.",
        },
    ),
    Document(
        DocumentKind.GUIDELINE,
        {
            "en": "Guidelines for Reporting Incidents {} (demonstration document)",
            "es": "Lineamientos para la Notificación de Incidentes {} (documento de demostración)",
            "pt": "Diretrizes para a Notificação de Incidentes {} (documento de demonstração)",
            "fr": "Lignes directrices pour le signalement des incidents {} (document de démonstration)",
            "nl": "Richtlijnen voor het melden van incidenten {} (demonstratiedocument)",
        },
        {
            "en": "Explains to public bodies and companies when, to whom and how an incident is reported, with forms.",
            "es": "Explica a organismos públicos y empresas cuándo, a quién y cómo se notifica un incidente, con"
            " formularios.",
            "pt": "Explica a órgãos públicos e empresas quando, a quem e como se notifica um incidente, com"
            " formulários.",
            "fr": "Explique aux organismes publics et aux entreprises quand, à qui et comment signaler un incident,"
            " avec des formulaires.",
            "nl": "Legt overheden en bedrijven uit wanneer, aan wie en hoe een incident wordt gemeld, met"
            " formulieren.",
        },
    ),
)
